using OrleansHybrid.Cli.Commands;
using OrleansHybrid.Cli.Terminal;

return await CommandRunner.RunAsync(CommandList.Root(), args);
