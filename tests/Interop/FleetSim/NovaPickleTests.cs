using System.Text;
using LivenessEngine.Memcached.Nova;
using LivenessEngine.Tools.FleetSim.Backends.Wire;

namespace LivenessEngine.Interop.FleetSim;

public sealed class NovaPickleTests
{
    [Fact]
    public void Is_what_python_writes()
    {
        // pickle.dumps(CachedValue(time, {'ct': time.timestamp(), 'v': 2}), 0) of python 3.11.
        const string Python = "ccopy_reg\n_reconstructor\np0\n(cdogpile.cache.api\nCachedValue\np1\nc__builtin__\ntuple\np2\n(cdatetime\ndatetime\np3\n(c_codecs\nencode\np4\n"
            + "(V\x07\u00ea\x0b\x17\x01.7\x05\u009cF\np5\nVlatin1\np6\ntp7\nRp8\ntp9\nRp10\n(dp11\nVct\np12\nF1795398415.367686\nsVv\np13\nI2\nstp14\ntp15\nRp16\n.";
        Assert.Equal(Python, Encoding.Latin1.GetString(Write(new DateTime(2026, 11, 23, 1, 46, 55, DateTimeKind.Utc).AddMicroseconds(367_686))));
    }

    [Theory]
    [InlineData("2026-10-13T00:10:13.000026")]
    [InlineData("2026-11-26T13:26:10.657930")]
    [InlineData("2026-12-31T23:59:59.999999")]
    [InlineData("2026-01-02T03:04:05.023644")]
    public void Is_read_as_a_heartbeat_whatever_the_bytes_of_its_time_are(string time)
    {
        DateTime utc = DateTime.SpecifyKind(DateTime.Parse(time, System.Globalization.CultureInfo.InvariantCulture), DateTimeKind.Utc);
        Assert.True(CachedDateTimeReader.TryRead(Write(utc), NovaPickle.Flags, out CachedDateTime read));
        Assert.Equal(utc, read.Payload);
        Assert.Equal((utc - DateTime.UnixEpoch).TotalSeconds, read.CreationTime);
    }

    private static byte[] Write(DateTime utc)
    {
        var value = new byte[NovaPickle.MostBytes];
        return value[..NovaPickle.Write(utc, value)];
    }
}
