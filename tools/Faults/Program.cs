using System.CommandLine;
using LivenessEngine.Tools.Faults.CommandLine;

// Many small waits at once: none of them should wait for the pool to grow.
ThreadPool.SetMinThreads(16, 16);

var common = new CommonOptions();
var command = new RootCommand("Faults for a server of heartbeats, and an oracle that knows who really was alive.")
{
    RunCommand.Create(common), RandomCommand.Create(common), CompareCommand.Create(common), LatencyCommand.Create(common),
};
try
{
    return await command.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception fault) when (fault is InvalidDataException or System.ComponentModel.Win32Exception)
{
    Console.Error.WriteLine($"faults: {fault.Message}");
    return 2;
}
