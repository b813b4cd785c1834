using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LivenessEngine.Benchmarks;
using LivenessEngine.Benchmarks.Charts;
using LivenessEngine.Benchmarks.Databases;
using LivenessEngine.Benchmarks.Reporting;
using Perfolizer.Horology;

var filter = new Option<string[]>("--filter") { Description = "Which benchmarks", DefaultValueFactory = _ => ["*"], AllowMultipleArgumentsPerToken = true };
var quick = new Option<bool>("--quick") { Description = "Few and short iterations" };
var folder = new Option<string>("--out") { Description = "The folder of the results", DefaultValueFactory = _ => "." };
var micro = new Command("micro", "Run the benchmarks of the parts; writes micro.csv.") { filter, quick, folder };
micro.SetAction(parsed =>
{
    bool isQuick = parsed.GetValue(quick);
    Job job = Job.Default
        .WithToolchain(InProcessEmitToolchain.Instance)
        .WithGcForce(false)
        .WithIterationTime(TimeInterval.FromMilliseconds(isQuick ? 60 : 200))
        .WithWarmupCount(3)
        .WithIterationCount(isQuick ? 4 : 6);
    IConfig config = ManualConfig.CreateEmpty()
        .AddJob(job)
        .AddLogger(ConsoleLogger.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .WithOption(ConfigOptions.JoinSummary, true);
    IEnumerable<Summary> summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
        .Run(["--filter", .. parsed.GetValue(filter)!], config);
    Directory.CreateDirectory(parsed.GetValue(folder)!);
    File.WriteAllLines(
        Path.Combine(parsed.GetValue(folder)!, "micro.csv"),
        [MicroRow.Header, .. summaries.SelectMany(MicroRow.From).Select(row => row.ToCsv())]);
});

var command = new Option<string>("--command") { Description = "The command that made the results", DefaultValueFactory = _ => "?" };
var commit = new Option<string>("--commit") { Description = "The commit that they are of", DefaultValueFactory = _ => "?" };
var report = new Command("report", "Make report.md from a folder of results, and show its figures.") { folder, command, commit };
report.SetAction(parsed => Report.Write(parsed.GetValue(folder)!, parsed.GetValue(command)!, parsed.GetValue(commit)!));

var members = new Option<int>("--members") { Description = "How many members", DefaultValueFactory = _ => 10_000 };
var rounds = new Option<int>("--rounds") { Description = "How many times", DefaultValueFactory = _ => 50 };
var memcached = new Option<string>("--memcached") { Description = "The server's command line; {port} is its port", DefaultValueFactory = _ => "memcached -l 127.0.0.1 -p {port}" };
var externalCsv = new Option<string?>("--csv") { Description = "Writes the results to a file" };
var external = new Command("external", "Ask for many members on an external memcached: one call for all, and one call for each as Nova does.") { members, rounds, memcached, externalCsv };
external.SetAction((parsed, _) => ExternalBench.RunAsync(
    parsed.GetValue(memcached)!, parsed.GetValue(members), parsed.GetValue(rounds), parsed.GetValue(externalCsv)));

return new RootCommand("Benchmarks of the liveness engine.") { micro, external, DatabaseCommand.Create(), ChartCommand.Create(folder, commit), report }.Parse(args).Invoke();
