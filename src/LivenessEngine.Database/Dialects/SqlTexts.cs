using System.Data.Common;
using System.Globalization;

namespace LivenessEngine.Database.Dialects;

internal static class SqlTexts
{
    public static DbParameter Add(this DbCommand command, string name, object value)
    {
        DbParameter parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return parameter;
    }

    /// <summary>This host's time as a parameter <c>@now</c>, which a command has once.</summary>
    public static string HostNow(this DbCommand command, TimeProvider clock, Func<DateTime, object> form)
    {
        if (!command.Parameters.Contains("@now"))
        {
            command.Add("@now", form(DateTime.SpecifyKind(clock.GetUtcNow().UtcDateTime, DateTimeKind.Unspecified)));
        }

        return "@now";
    }

    public static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    public static string Join(IReadOnlyList<long> ids) => string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));
}
