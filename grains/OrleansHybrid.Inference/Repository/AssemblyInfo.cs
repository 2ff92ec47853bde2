using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("OrleansHybrid.Grains.Tests")]
