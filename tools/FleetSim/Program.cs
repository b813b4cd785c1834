using System.CommandLine;
using LivenessEngine.Tools.FleetSim.CommandLine;

// Many small waits at once: none of them should wait for the pool to grow.
ThreadPool.SetMinThreads(32, 32);

var common = new CommonOptions();
var command = new RootCommand("Fleets of heartbeats on a database, on memcached and on our engine, and an oracle that knows who really is alive.")
{
    RunCommand.Create(common), ScaleCommand.Create(common),
};
try
{
    return await command.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception fault) when (fault is InvalidDataException or System.ComponentModel.Win32Exception or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine($"fleetsim: {fault.Message}");
    return 2;
}
