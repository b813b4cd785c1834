using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Tools.Faults.Judging;

namespace LivenessEngine.Tools.Faults.Servers;

/// <summary>A server under test, in a folder of its own: what is done to its process is written down as outages.</summary>
internal sealed class Server : IAsyncDisposable
{
    /// <summary>How often engines with one database exchange what they have seen: its default, scaled down as the other times are.</summary>
    public static readonly TimeSpan Exchange = TimeSpan.FromSeconds(0.2);

    private const string TakeOver = "--take-over";
    private const string BridgeInterval = "--bridge-interval";

    private readonly ServerProgram _program;
    private readonly ServerSettings _settings;
    private readonly RunClock _clock;
    private readonly Outages _outages;
    private readonly string _folder;
    private readonly FakeClock? _fakeClock;
    private ServerProcess? _process;

    public Server(ServerProgram program, ServerSettings settings, RunClock clock, Outages outages)
    {
        _program = program;
        _settings = settings;
        _clock = clock;
        _outages = outages;
        _folder = Directory.CreateTempSubdirectory("faults-").FullName;
        _fakeClock = settings.HasClock ? new FakeClock(_folder) : null;
        EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
    }

    public IPEndPoint EndPoint { get; }

    public ServerProgram Program => _program;

    public int Id => _process!.Id;

    /// <summary>What its last process printed.</summary>
    public string Printed => _process?.Printed ?? "";

    /// <summary>Starts it, with the state that it left, if it keeps any.</summary>
    public async Task StartAsync()
        => _process = await ServerProcess.StartAsync(Command(), _folder, EndPoint.Port, _fakeClock?.Environment ?? []);

    /// <summary>Stops it (SIGSTOP) for a time.</summary>
    public async Task PauseAsync(TimeSpan time)
    {
        _outages.Begin(_clock.Now);
        try
        {
            _process!.Signal(Signals.Stop);
            await Task.Delay(time);
        }
        finally
        {
            _process!.Signal(Signals.Continue);
            _outages.End(_clock.Now);
        }
    }

    /// <summary>Kills it (SIGKILL) and starts it again after a time.</summary>
    public async Task CrashAsync(TimeSpan time)
    {
        _outages.Begin(_clock.Now);
        await _process!.DisposeAsync();
        await Task.Delay(time);
        await StartAsync();
        _outages.End(_clock.Now);
    }

    /// <summary>Kills it for good.</summary>
    public async Task KillAsync() => await _process!.DisposeAsync();

    /// <summary>Ends it in order (SIGTERM) and starts it again at once.</summary>
    public async Task RestartAsync()
    {
        _outages.Begin(_clock.Now);
        _process!.Signal(Signals.Terminate);
        await _process.EndAsync();
        await _process.DisposeAsync();
        await StartAsync();
        _outages.End(_clock.Now);
    }

    /// <summary>Has a new process take over from it, which is no outage; one that cannot do that is restarted.</summary>
    public async Task RenewAsync()
    {
        if (!_program.Takes(TakeOver))
        {
            await RestartAsync();
            return;
        }

        ServerProcess old = _process!;
        _process = await ServerProcess.StartAsync([.. Command(), TakeOver], _folder, EndPoint.Port, _fakeClock?.Environment ?? []);
        await old.EndAsync();
        await old.DisposeAsync();
    }

    /// <summary>Sets its wall clock; it has noticed within a second.</summary>
    public void SetClock(TimeSpan ahead) => _fakeClock!.Set(ahead);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private string[] Command()
    {
        string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
        List<string> command = _settings.Cpu is { } cpu ? ["taskset", "-c", cpu] : [];
        command.AddRange([_program.Path, "-l", "127.0.0.1", "-p", Number(EndPoint.Port), "-u", Environment.UserName]);
        command.AddRange(["-m", Number(_settings.Memory), "-c", Number(_settings.Connections)]);
        if (_program.IsEngine)
        {
            command.AddRange(["--service-down-time", Number(_settings.Scale.ServiceDownTime.TotalSeconds)]);
            command.AddRange(["--report-interval", Number(_settings.Scale.ReportInterval.TotalSeconds)]);
            command.AddRange(_settings.Database is { } database ? ["--database", database] : []);
            command.AddRange(_settings.Database is not null && _program.Takes(BridgeInterval) ? [BridgeInterval, Number(Exchange.TotalSeconds)] : []);
            command.AddRange(_program.Takes("--state-file") ? ["--state-file", Path.Combine(_folder, "state")] : []);
        }

        return [.. command];
    }
}
