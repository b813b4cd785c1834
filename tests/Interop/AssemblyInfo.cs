using System.Runtime.Versioning;

// The servers and clients that it uses, and the signals, are those of a Linux machine.
[assembly: SupportedOSPlatform("linux")]
