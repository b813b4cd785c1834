using CsCheck;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Table;

/// <summary>Any operations in any order do what they would do to a dictionary. The seed of a failure is printed.</summary>
public sealed class TableModelTests
{
    private static readonly Gen<Operation> GenOperation = Gen.Select(
        Gen.Int[0, Operation.Kinds - 1], Gen.Int[0, 5], Gen.Int[0, 11], Gen.Int[-1, 40]).Select((kind, key, value, time) => new Operation(kind, key, value, time));

    private static readonly int[] Lengths = [0, 1, 2, 10, 60, 200, 5_000, 32_700, 32_711, 32_712, 33_000, 70_000];

    /// <param name="Kind">Which operation.</param>
    /// <param name="KeyNumber">Under which of a few keys, whose lengths go from 1 to 250.</param>
    /// <param name="Value">Which value, delta or mode.</param>
    /// <param name="Time">Which deadline, or how far the clock goes.</param>
    private sealed record Operation(int Kind, int KeyNumber, int Value, int Time)
    {
        public const int Kinds = 16;

        public string Key => new((char)('a' + KeyNumber), 1 + (KeyNumber * 249 / 5));

        // Some are numbers, and some of these have text behind them.
        public string Text => Value switch
        {
            0 => "5",
            1 => "18446744073709551615",
            2 => "41 and more",
            3 => "no number",
            _ => new string((char)('A' + KeyNumber), Lengths[Value]),
        };

        public long Deadline(long now) => Time switch
        {
            -1 => Expiry.AlreadyExpired,
            0 => Expiry.Never,
            _ => now + Time,
        };
    }

    [Fact]
    public void The_table_behaves_as_a_dictionary_does()
        => GenOperation.Array[1, 120].Sample(operations => new Run().All(operations), iter: 400, threads: 1);

    private sealed class Run
    {
        private readonly TestTable _table = new();
        private readonly TableModel _model = new();
        private readonly Dictionary<string, (ulong Cas, long Version)> _read = [];

        public void All(Operation[] operations)
        {
            for (int i = 0; i < operations.Length; i++)
            {
                (_model.Now, _model.Liveness) = (_table.Now.UnixMilliseconds, _table.Now.Liveness);
                One(operations[i]);
                if (i % 8 == 0)
                {
                    _table.Settle();
                }
            }

            foreach (string key in operations.Select(operation => operation.Key).Distinct())
            {
                CheckKey(key);
            }

            Assert.Equal(_model.VisibleCount, _table.VisibleItems());
            Assert.Equal(_model.MemberCount, Enumerable.Range(1, _table.Columns.End - 1).Count(row => _table.NameOf(row).Length > 0));
            Assert.Equal(0, _table.Count(TableCounter.Evictions));
        }

        private void One(Operation op)
        {
            string key = op.Key;
            long deadline = op.Deadline(_table.Now.UnixMilliseconds);
            switch (op.Kind)
            {
                case 0 or 1 or 2:
                    CheckKey(key);
                    break;
                case 3 or 4 or 5:
                    Store(StoreMode.Set, op, member: op.Value % 4 == 1);
                    break;
                case 6:
                    Store((StoreMode)(op.Value % 8), op, member: op.Time % 3 == 1);
                    break;
                case 7:
                    Store(op.Value % 2 == 0 ? StoreMode.Append : StoreMode.Prepend, op, member: false);
                    break;
                case 8:
                    Store(StoreMode.Cas, op, member: false);
                    break;
                case 9:
                    Assert.Equal(_model.Add(key, (ulong)op.Value * 7, op.Time % 2 == 0), _table.Add(key, (ulong)op.Value * 7, op.Time % 2 == 0));
                    break;
                case 10:
                    Assert.Equal(_model.Touch(key, deadline), _table.Touch(key, deadline) == LookupResult.Found);
                    break;
                case 11:
                    Assert.Equal(_model.Delete(key), _table.Delete(key) == LookupResult.Found);
                    break;
                case 12:
                    Member(op);
                    break;
                case 13:
                    _table.Advance(TimeSpan.FromMilliseconds(Math.Max(op.Time, 0)));
                    break;
                case 14 when op.Value == 0:
                    _model.Flush();
                    _table.Table.Flush();
                    break;
                case 14:
                    _table.Table.Crawl(op.Value, _table.Now);
                    break;
                default:
                    _model.DropItem(key);
                    using (EpochGuard guard = _table.Table.Enter())
                    {
                        Assert.True(_table.Table.DropItem(guard, TestTable.Bytes(key)));
                    }

                    break;
            }
        }

        private void Store(StoreMode mode, Operation op, bool member)
        {
            string key = op.Key;
            long deadline = op.Deadline(_table.Now.UnixMilliseconds);
            (ulong cas, long version) = _read.GetValueOrDefault(key);
            Assert.Equal(
                _model.Store(mode, key, op.Text, (uint)op.Value, deadline, version, member && mode is not (StoreMode.Append or StoreMode.Prepend)),
                _table.Store(mode, key, TestTable.Bytes(op.Text), deadline, (uint)op.Value, cas, member ? 0 : TestTable.NoGroup));
        }

        private void Member(Operation op)
        {
            switch (op.Value % 3)
            {
                case 0:
                    _model.Join(op.Key);
                    Assert.NotEqual(0, _table.Join(op.Key));
                    break;
                case 1:
                    Assert.Equal(_model.Beat(op.Key), _table.Beat(op.Key));
                    break;
                default:
                    Assert.Equal(_model.Leave(op.Key), _table.Leave(op.Key));
                    _table.SweepDepartures();
                    break;
            }
        }

        private void CheckKey(string key)
        {
            (_model.Now, _model.Liveness) = (_table.Now.UnixMilliseconds, _table.Now.Liveness);
            var expected = _model.Get(key);
            Assert.Equal(expected?.Value, _table.Get(key));
            if (expected is { } item)
            {
                Assert.Equal((item.Flags, item.Deadline), (_table.Describe(key).Flags, _table.Describe(key).Deadline));
                _read[key] = (_table.CasOf(key), _model.VersionOf(key));
            }

            int row = _table.RowOf(key);
            Assert.Equal(_model.LastSeen(key), row == 0 ? null : _table.Columns.LastSeen(row));
        }
    }
}
