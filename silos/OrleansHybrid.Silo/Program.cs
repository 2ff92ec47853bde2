using OrleansHybrid.Silo.Start;

// Opening the embedded stores blocks pool threads for a moment; with the pool's slow growth from two threads the start takes twice as long.
ThreadPool.SetMinThreads(32, 32);

return await SiloProgram.RunAsync(args, Console.Out, Console.Error);
