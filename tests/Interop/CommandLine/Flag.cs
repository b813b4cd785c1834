namespace LivenessEngine.Interop.CommandLine;

/// <summary>What becomes here of a flag of memcached's.</summary>
/// <param name="Letter">Its letter.</param>
/// <param name="Fate">What becomes of it.</param>
/// <param name="Words">The flag as memcached takes it, with {folder} for a folder and {udp} for a free UDP port.</param>
internal sealed record Flag(char Letter, FlagFate Fate, params string[] Words)
{
    /// <summary>Each flag of memcached's.</summary>
    public static readonly Flag[] All =
    [
        new('p', FlagFate.Works, "-p0"), new('U', FlagFate.Works, "-U", "{udp}"), new('s', FlagFate.Alone, "-s", "{folder}/socket"),
        new('a', FlagFate.Works, "-a", "770"), new('A', FlagFate.Works, "-A"), new('l', FlagFate.Works, "-l127.0.0.1"),
        new('d', FlagFate.Alone, "-d"), new('r', FlagFate.Works, "-r"), new('u', FlagFate.Works, "-u", Environment.UserName),
        new('m', FlagFate.Works, "-m128"), new('M', FlagFate.Works, "-M"), new('c', FlagFate.Works, "-c77"), new('k', FlagFate.Alone, "-k"),
        new('v', FlagFate.Works, "-v"), new('h', FlagFate.Ends, "-h"), new('i', FlagFate.Ends, "-i"), new('V', FlagFate.Ends, "-V"),
        new('P', FlagFate.Works, "-P", "{folder}/pid"), new('f', FlagFate.Noted, "-f", "1.5"), new('n', FlagFate.Noted, "-n", "96"),
        new('L', FlagFate.Works, "-L"), new('D', FlagFate.Works, "-D/"), new('t', FlagFate.Works, "-t2"), new('R', FlagFate.Works, "-R7"),
        new('C', FlagFate.Works, "-C"), new('b', FlagFate.Works, "-b", "55"), new('B', FlagFate.Works, "-Bascii"), new('I', FlagFate.Works, "-I2m"),
        new('S', FlagFate.Guarded, "-S"), new('F', FlagFate.Works, "-F"), new('X', FlagFate.Works, "-X"), new('W', FlagFate.Works, "-W"),
        new('Y', FlagFate.Guarded, "-Y", "{folder}/users"), new('e', FlagFate.Refused, "-e", "{folder}/memory"), new('Z', FlagFate.Guarded, "-Z"),
        new('o', FlagFate.Noted, "-o", "modern,hashpower=20"), new('N', FlagFate.Noted, "-N4"),
    ];
}
