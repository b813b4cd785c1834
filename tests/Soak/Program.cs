using LivenessEngine.Soak.State;

// The test runner, or a process that a test starts to kill it.
return args is [KilledWriter.Command, string folder]
    ? await KilledWriter.RunAsync(folder)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
