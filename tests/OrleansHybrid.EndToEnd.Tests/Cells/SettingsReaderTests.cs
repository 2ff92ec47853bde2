using System.Net;
using OrleansHybrid.Domain;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Silo.Settings;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Cells;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void No_setting_at_all_gives_the_farm_of_three_cells()
    {
        var farm = Read([]);

        Assert.Equal(["central", "eu-west", "us-east"], farm.Cells.Select(c => c.Cell));
        Assert.Equal([Zone.Cloud, Zone.Edge, Zone.Edge], farm.Cells.Select(c => c.Zone));
        Assert.Equal([8000, 8010, 8020], farm.Cells.Select(c => c.Http.Port));
        Assert.Equal([8001, 8011, 8021], farm.Cells.Select(c => c.Grpc.Port));
        Assert.Equal([11110, 11111, 11112], farm.Cells.Select(c => c.SiloPort));
        Assert.Equal([30110, 30111, 30112], farm.Cells.Select(c => c.GatewayPort));
        Assert.All(farm.Cells.Skip(1), c => Assert.Equal("http://127.0.0.1:8001/", c.Upstream!.ToString()));
    }

    [Fact]
    public void Command_line_wins_over_environment_over_file_over_default()
    {
        var file = Write("cells:\n- cell: eu-west\n  http: 127.0.0.1:1001\n  grpc: 127.0.0.1:1002\n  silo-port: 1003\n");
        var cell = Assert.Single(Read(["--config", file, "--http", "127.0.0.1:3001"], ("HYBRID_HTTP", "127.0.0.1:2001"), ("HYBRID_GRPC", "127.0.0.1:2002")).Cells);

        Assert.Equal((3001, 2002, 1003, 30110), (cell.Http.Port, cell.Grpc.Port, cell.SiloPort, cell.GatewayPort));
    }

    [Fact]
    public void Memory_and_idle_time_of_models_are_read_with_their_units()
    {
        var cell = Assert.Single(Read(["--cell", "central", "--model-memory", "512MiB", "--model-idle", "30m"]).Cells);

        Assert.Equal((512L << 20, TimeSpan.FromMinutes(30)), (cell.ModelMemoryBytes, cell.ModelIdle));
        Assert.Equal((0L, TimeSpan.Zero), (Read(["--cell", "central"]).Cells[0].ModelMemoryBytes, Read(["--cell", "central"]).Cells[0].ModelIdle));
    }

    [Theory]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("2GB", 2_000_000_000L)]
    [InlineData("1kB", 1_000L)]
    [InlineData("512", null)]
    [InlineData("0MiB", null)]
    [InlineData("-1MiB", null)]
    [InlineData("1.5GiB", null)]
    [InlineData("9999999999GiB", null)]
    public void Size_is_a_whole_number_with_its_unit(string text, long? bytes) => Assert.Equal(bytes, QuantityText.Bytes(text));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("2h", 7200)]
    [InlineData("30", null)]
    [InlineData("400d", null)]
    public void Time_is_a_whole_number_with_its_unit(string text, int? seconds) => Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : (TimeSpan?)null, QuantityText.Time(text));

    [Fact]
    public void A_cell_of_a_file_can_be_picked_and_changed()
    {
        var file = Write("cells:\n- { cell: central }\n- { cell: eu-west, upstream: 'http://127.0.0.1:8001', http: '127.0.0.1:1', grpc: '127.0.0.1:2' }\n");

        Assert.Equal("eu-west", Assert.Single(Read(["--config", file, "--cell", "eu-west"]).Cells).Cell);
        Assert.Contains("no cell 'eu-wets'", Assert.Single(Errors(["--config", file, "--cell", "eu-wets"])).Problem);
        Assert.Contains("cannot be shared by the 2 cells", Assert.Single(Errors(["--config", file, "--http", "127.0.0.1:9"])).Problem);
    }

    [Fact]
    public void All_errors_are_told_at_once_with_setting_value_and_remedy()
    {
        var errors = Errors(["--zone", "clod", "--http", "nowhere", "--silo-port", "70000", "--stroe", "x", "--auth", "of"]);

        Assert.Equal(["--auth", "--http", "--silo-port", "--stroe", "--zone", "x"], errors.Select(e => e.Where).Order(StringComparer.Ordinal));
        Assert.All(errors, e => Assert.NotEmpty(e.Remedy));
        Assert.Contains(errors, e => e.ToString() == "--stroe: is no setting. Did you mean --store?");
        Assert.Contains(errors, e => e.Problem.Contains("'clod'", StringComparison.Ordinal) && e.Remedy.EndsWith("Did you mean cloud?", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--http", "0.0.0.0:8000", "--auth required")]
    [InlineData("--grpc", "*:8001", "--auth required")]
    [InlineData("--upstream", "http://10.0.0.1:8001", "--insecure-links")]
    [InlineData("--trust", "everybody", "local, signed")]
    [InlineData("--models", "not-there", "<model>/<version>/")]
    [InlineData("--store", "redis:6379", "redis://host:port")]
    [InlineData("--cell", "Central", "lower-case letters")]
    public void A_setting_that_must_not_start_is_refused_with_its_remedy(string setting, string value, string remedy)
    {
        var error = Assert.Single(Errors([setting, value]));

        Assert.Equal(setting, error.Where);
        Assert.Contains(remedy, error.Remedy);
    }

    [Fact]
    public void Beyond_loopback_starts_with_authentication()
    {
        var cell = Assert.Single(Read(["--http", "*:8000", "--grpc", "[::]:8001", "--auth", "required"]).Cells);

        Assert.Equal((IPAddress.Any, IPAddress.IPv6Any, true), (cell.Http.Address, cell.Grpc.Address, cell.AuthRequired));
    }

    [Fact]
    public void The_link_key_is_taken_from_the_upstream()
    {
        var cell = Assert.Single(Read(["--upstream", "https://s%20ecret@central.example:8001"]).Cells);

        Assert.Equal("s ecret", cell.LinkKey);
    }

    [Fact]
    public void A_moved_clock_is_for_loopback_only()
    {
        Assert.Equal(TimeSpan.FromHours(-2), Read([], ("HYBRID_CLOCK_OFFSET", "-02:00:00")).ClockOffset);
        Assert.Contains("moves the clock", Assert.Single(Errors(["--http", "*:8000", "--auth", "required"], ("HYBRID_CLOCK_OFFSET", "02:00:00"))).Problem);
    }

    [Fact]
    public void Two_cells_of_a_file_must_not_share_name_port_or_folder()
    {
        var file = Write("cells:\n- { cell: a, data: x }\n- { cell: a, data: x, http: '127.0.0.1:1', grpc: '127.0.0.1:2', silo-port: 3, gateway-port: 30110 }\n");

        Assert.Equal(3, Errors(["--config", file]).Count);
    }

    [Theory]
    [InlineData("cells: []", "has no cells")]
    [InlineData("cell: central", "is no key of this file")]
    [InlineData("cells:\n- { cel: central }", "is no setting")]
    [InlineData("cells:\n- [1]", "is not a cell")]
    [InlineData("cells: [", "is not valid YAML")]
    public void A_broken_file_is_told_with_its_place(string content, string problem)
    {
        var file = Write(content);

        Assert.Contains(Errors(["--config", file]), e => e.Problem.Contains(problem, StringComparison.Ordinal) && e.Where.StartsWith(file, StringComparison.Ordinal));
    }

    private string Write(string content)
    {
        var file = folder.Sub($"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(file, content);
        return file;
    }

    private FarmSettings Read(string[] arguments, params (string Name, string Value)[] environment)
    {
        var errors = new SettingErrors();
        var farm = Run(arguments, environment, errors);
        Assert.Empty(errors.All);
        return farm!;
    }

    private IReadOnlyList<SettingError> Errors(string[] arguments, params (string Name, string Value)[] environment)
    {
        var errors = new SettingErrors();
        Assert.Null(Run(arguments, environment, errors));
        return errors.All;
    }

    private FarmSettings? Run(string[] arguments, (string Name, string Value)[] environment, SettingErrors errors) =>
        SettingsReader.Read(CommandLineSettings.Parse(arguments, errors), environment.ToDictionary(e => e.Name, e => e.Value), folder.Path, errors);
}
