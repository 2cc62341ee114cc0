return Pedigree.Zoo.Application.Run(args);
