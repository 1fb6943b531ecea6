"""What a boundary cost: where the child lives, who was told of it, what stopped there."""
