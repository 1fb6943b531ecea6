"""Who stayed, who left, who was told: rules about people, homes and schools that change."""
