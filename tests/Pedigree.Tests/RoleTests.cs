using Pedigree.Anatomy;
using Xunit;

namespace Pedigree.Tests;

public class RoleTests
{
    [Fact]
    public void Roles_order_by_layer_before_part() =>
        Assert.True(new Role(Part.Down, 0) < new Role(Part.Query, 1));
}
