using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using LivenessEngine;
using LivenessEngine.Daemon.Asking;
using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Daemon.Joining;
using LivenessEngine.Daemon.Serving;
using LivenessEngine.Memcached.Client;

// liveness [memcached's flags] | serve | status | watch | history | release | join
var options = new ServeOptions();
var root = new RootCommand("A liveness engine that speaks the memcached protocol: point memcached_servers at it.");
var serve = new Command("serve", "Run the daemon and say how to use it. The same as 'liveness' with no command.");
options.AddTo(root);
options.AddTo(serve);
root.SetAction((parsed, stop) => Serve(parsed, announce: !Console.IsOutputRedirected, stop));
serve.SetAction((parsed, stop) => Serve(parsed, announce: true, stop));
root.Add(serve);

var server = new Option<string>("--server")
{
    Description = "The daemon: host:port, [v6]:port or unix:/path",
    DefaultValueFactory = _ => "127.0.0.1:11211",
};
var authFile = new Option<string?>("--auth-file") { Description = "For a daemon with -Y: file whose first line is user:password" };
var configFiles = new Option<string[]>("--config-file")
{
    Description = "Nova's configuration, instead of --server: heartbeats are where servicegroup_driver says; may be repeated",
};
var group = new Argument<string?>("group") { Description = "Only this group", Arity = ArgumentArity.ZeroOrOne };
var json = new Option<bool>("--json") { Description = "As a JSON array" };
var format = new Option<StatusFormat>("--format") { Description = "table, json, or nova: the columns of 'openstack compute service list'" };
var status = new Command("status", "Show who is up and who is down.") { group, server, authFile, configFiles, json, format };
status.SetAction(async (parsed, stop) =>
{
    StatusFormat chosen = parsed.GetValue(json) ? StatusFormat.Json : parsed.GetValue(format);
    if (parsed.GetValue(configFiles) is not { Length: > 0 } files)
    {
        return await StatusCommand.RunAsync(Daemon(parsed), parsed.GetValue(group), chosen, stop).ConfigureAwait(false);
    }

    await using ServiceGroup services = Places.FromConfiguration(files);
    return await StatusCommand.RunAsync(services, parsed.GetValue(group), chosen, stop).ConfigureAwait(false);
});
root.Add(status);

var watch = new Command("watch", "Follow who comes up and goes down.") { group, server, authFile };
watch.SetAction((parsed, stop) => WatchCommand.RunAsync(Daemon(parsed), parsed.GetValue(group), stop));
root.Add(watch);

var count = new Option<int?>("--count") { Description = "How many at the most (default: all that the daemon remembers, 10000)" };
var history = new Command("history", "Show who came up and went down, when and why.") { group, server, authFile, json, count };
history.SetAction((parsed, stop) => HistoryCommand.RunAsync(
    Daemon(parsed), parsed.GetValue(group), parsed.GetValue(count), parsed.GetValue(json), stop));
root.Add(history);

var releaseGroup = new Argument<string>("group") { Description = "The group whose suspects are down" };
var release = new Command("release", "Declare down at once whom the mass-down brake holds back.") { releaseGroup, server, authFile };
release.SetAction((parsed, stop) => ReleaseCommand.RunAsync(Daemon(parsed), parsed.GetRequiredValue(releaseGroup), stop));
root.Add(release);

var joinGroup = new Argument<string>("group") { Description = "The group to join, such as compute" };
var member = new Argument<string>("member") { Description = "The member's name, such as this host's" };
var interval = new Option<double>("--report-interval") { Description = "Seconds between heartbeats (default: 10, or report_interval of --config-file)", DefaultValueFactory = _ => 10 };
var leave = new Option<bool>("--leave") { Description = "Leave the group at the end, instead of falling silent as a Nova service does" };
var join = new Command("join", "Report as a member, with the timing of a Nova service.") { joinGroup, member, server, configFiles, interval, leave };
join.SetAction(async (parsed, stop) =>
{
    string[] files = parsed.GetValue(configFiles) ?? [];
    TimeSpan seconds = parsed.GetValue(interval) is >= 0.001 and <= 86_400 and var value
        ? TimeSpan.FromSeconds(value)
        : throw new UsageException("--report-interval takes seconds, 0.001 to 86400", ExitCode.Usage);
    TimeSpan? given = parsed.GetResult(interval) is null or { Implicit: true } ? null : seconds;
    await using ServiceGroup services = files.Length > 0 ? Places.FromConfiguration(files, given) : Places.FromServer(parsed.GetValue(server)!, seconds);
    var name = new MemberName(parsed.GetRequiredValue(member), parsed.GetRequiredValue(joinGroup));
    string where = files.Length > 0 ? services.Store!.Name : parsed.GetValue(server)!;
    return await JoinCommand.RunAsync(services, where, name, parsed.GetValue(leave), stop).ConfigureAwait(false);
});
root.Add(join);
Conventions.Apply(root, serve);

using var stopped = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    ParseResult parsed = root.Parse(Getopt.Expand(args, options.All, root.Subcommands.Where(command => command != serve)));
    if (parsed.Errors.Count > 0)
    {
        Console.Error.WriteLine($"liveness: {parsed.Errors[0].Message} (see liveness --help)");
        return ExitCode.Failure;
    }

    var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await parsed.InvokeAsync(invocation, stopped.Token).ConfigureAwait(false);
}
catch (UsageException fault)
{
    Console.Error.WriteLine(fault.Message);
    return fault.ExitCode;
}
catch (OperationCanceledException) when (stopped.IsCancellationRequested)
{
    return ExitCode.Success;
}
catch (Exception fault) when (fault is SocketException or IOException or FormatException or ServiceGroupConfigurationException or HeartbeatStoreException)
{
    Console.Error.WriteLine($"liveness: {fault.Message}");
    return ExitCode.Failure;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopped.Cancel();
}

AskedDaemon Daemon(ParseResult parsed) => new(ServerAddress.Parse(parsed.GetValue(server)!), parsed.GetValue(authFile));

Task<int> Serve(ParseResult parsed, bool announce, CancellationToken stop)
{
    if (parsed.GetValue(options.License))
    {
        License.Write(Console.Out);
        return Task.FromResult(ExitCode.Success);
    }

    ServeSettings settings = options.Read(parsed);
    if (!Background.IsBackground)
    {
        // Who goes on in the background has nobody to tell any more.
        foreach (string warning in settings.Warnings)
        {
            Console.Error.WriteLine(warning);
        }
    }

    if (settings.Daemonize && !Background.IsBackground)
    {
        return Background.StartAsync(args);
    }

    if (Background.IsBackground)
    {
        Privileges.LeaveSession();
    }

    return ServeCommand.RunAsync(settings, announce && !Background.IsBackground, stop);
}
