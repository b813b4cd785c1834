using LivenessEngine.Table.State;
using LivenessEngine.Testing;
using Microsoft.Win32.SafeHandles;

namespace LivenessEngine.Tests.Table.State;

public sealed class FileSpaceTests : IDisposable
{
    private const long Length = 3_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_range_keeps_what_is_in_it_and_the_file_its_length(bool isNative)
    {
        byte[] bytes = TestTable.Pattern(100);
        using SafeFileHandle file = File.OpenHandle(_folder["sparse"], FileMode.Create, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, Length);
        RandomAccess.Write(file, bytes, 1_234_567);
        Assert.True(new FileSpace(file, isNative).TryTake(65_536, Length - 65_536));
        byte[] read = new byte[Length];
        Assert.Equal(Length, RandomAccess.Read(file, read, 0));
        Assert.Equal(Length, RandomAccess.GetLength(file));
        Assert.Equal(bytes, read[1_234_567..1_234_667]);
        Assert.Equal(-1, read.AsSpan(0, 1_234_567).IndexOfAnyExcept((byte)0));
    }
}
