global using OrleansHybrid.Domain;
