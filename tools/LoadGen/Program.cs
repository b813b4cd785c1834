using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LivenessEngine.Tools.LoadGen;
using LivenessEngine.Tools.LoadGen.Comparing;
using Spectre.Console;

var server = new Argument<string>("server") { Description = "host:port, or the path of a unix socket" };
var pid = new Option<int>("--pid") { Description = "The server's process, to tell its CPU time for each operation" };
var operation = new Option<Operation>("--op") { Description = "set or get", DefaultValueFactory = _ => Operation.Get };
Option<int> Number(string name, int value, string text) => new(name) { Description = text, DefaultValueFactory = _ => value };
Option<int> connections = Number("--connections", 50, "Sockets");
Option<int> depth = Number("--depth", 1, "Requests that a connection sends before it waits for the replies");
Option<int> width = Number("--width", 1, "Keys in one get");
Option<int> threads = Number("--threads", 1, "Threads of the load");
Option<int> keys = Number("--keys", 100_000, "Keys");
Option<int> keySize = Number("--key-size", 40, "Bytes of a key");
Option<int> valueSize = Number("--value-size", 236, "Bytes of a value");
var prefix = new Option<string>("--prefix") { Description = "What keys begin with", DefaultValueFactory = _ => "compute:node-" };
var seconds = new Option<double>("--seconds") { Description = "How long to measure", DefaultValueFactory = _ => 5 };
var warmup = new Option<double>("--warmup") { Description = "How long to run before", DefaultValueFactory = _ => 1 };
var rate = new Option<double>("--rate") { Description = "Batches begun in a second, whatever becomes of them; 0 for as many as there can be" };
var json = new Option<bool>("--json") { Description = "Print the result as JSON" };

var command = new RootCommand("A closed-loop load on a memcached server, which checks every reply.")
{
    server, pid, operation, connections, depth, width, threads, keys, keySize, valueSize, prefix, seconds, warmup, rate, json,
};
command.SetAction(parsed =>
{
    string[] address = parsed.GetRequiredValue(server).Split(':');
    var options = new LoadOptions
    {
        Host = address[0],
        Port = address.Length > 1 ? int.Parse(address[1], CultureInfo.InvariantCulture) : 0,
        ServerPid = parsed.GetValue(pid),
        Operation = parsed.GetValue(operation),
        Connections = parsed.GetValue(connections),
        Depth = parsed.GetValue(depth),
        Width = parsed.GetValue(width),
        Threads = parsed.GetValue(threads),
        Keys = parsed.GetValue(keys),
        KeySize = parsed.GetValue(keySize),
        ValueSize = parsed.GetValue(valueSize),
        KeyPrefix = parsed.GetValue(prefix)!,
        Rate = parsed.GetValue(rate),
        Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
        Warmup = TimeSpan.FromSeconds(parsed.GetValue(warmup)),
    };
    try
    {
        Report(options, Load.Run(options), parsed.GetValue(json));
        return 0;
    }
    catch (Exception fault) when (fault is InvalidDataException or System.Net.Sockets.SocketException)
    {
        Console.Error.WriteLine($"loadgen: {fault.Message}");
        return 1;
    }
});

var peers = new Option<string[]>("--peer") { Description = "NAME=COMMAND with {port} in it; the first is what the others are measured by; those called redis... are spoken to in redis's protocol", Required = true };
Option<int> rounds = Number("--rounds", 3, "How often each peer gets each load");
var folder = new Option<string>("--out") { Description = "Where the results go", DefaultValueFactory = _ => "." };
var serverCpu = new Option<string?>("--server-cpu") { Description = "The core that the servers run on" };
var loadCpu = new Option<int?>("--load-cpu") { Description = "The core that the load runs on" };
var quick = new Option<bool>("--quick") { Description = "Without thousands of connections, and without those at half the load" };
var loadsOnly = new Option<bool>("--loads-only") { Description = "Without what a million members and thousands of idle connections weigh" };
var file = new Option<string>("--file") { Description = "The name of the file", DefaultValueFactory = _ => "wire.csv" };
var compare = new Command("compare", "Start several servers and give them the same loads, in turns.") { peers, seconds, rounds, folder, serverCpu, loadCpu, quick, loadsOnly, file };
compare.SetAction(parsed =>
{
    if (parsed.GetValue(loadCpu) is { } core && OperatingSystem.IsLinux())
    {
        System.Diagnostics.Process.GetCurrentProcess().ProcessorAffinity = 1 << core;
    }

    var asked = new ComparisonOptions(
        parsed.GetValue(folder)!, parsed.GetValue(seconds), parsed.GetValue(rounds), parsed.GetValue(serverCpu), parsed.GetValue(quick),
        parsed.GetValue(loadsOnly), parsed.GetValue(file)!);
    try
    {
        new Comparison([.. parsed.GetValue(peers)!.Select(peer => peer.Split('=', 2)).Select(pair => (pair[0], pair[1]))], asked).Run();
        return 0;
    }
    catch (Exception fault) when (fault is InvalidDataException or System.Net.Sockets.SocketException)
    {
        Console.Error.WriteLine($"loadgen: {fault.Message}");
        return 1;
    }
});
command.Add(compare);
return command.Parse(args).Invoke();

static void Report(LoadOptions options, LoadResult result, bool asJson)
{
    if (asJson)
    {
        Console.WriteLine(JsonSerializer.Serialize(result));
        return;
    }

    Table table = new Table().AddColumns("what", "figure");
    string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    table.AddRow("operations/s", Format($"{result.OperationsPerSecond:N0}"));
    table.AddRow("server CPU µs/operation", Format($"{result.ServerCpuMicroseconds:F2}"));
    table.AddRow("server cores busy", Format($"{result.ServerCores:F2}"));
    table.AddRow("server resident MiB", Format($"{result.ResidentMegabytes:F0}"));
    table.AddRow("batch µs p50 / p99 / p99.9 / max", Format($"{result.P50:F0} / {result.P99:F0} / {result.P999:F0} / {result.Max:F0}"));
    AnsiConsole.MarkupLine(Format($"{options.Operation}, {options.Connections} connections, depth {options.Depth}, width {options.Width}, {options.Keys:N0} keys"));
    AnsiConsole.Write(table);
}
