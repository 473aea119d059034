"""What every part of the package uses: calls of the library, errors, arrays, progress, figures, tables for notebooks."""
