"""Who knows something that the others do not: rules on the network of professionals, the child out of it."""
