"""Write the generated pages."""

from docs.pages import pages, write

write(pages())
