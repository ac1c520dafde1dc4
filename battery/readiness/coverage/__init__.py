"""Coverage reports of five formats, read strictly, and whether they speak of this source tree."""
