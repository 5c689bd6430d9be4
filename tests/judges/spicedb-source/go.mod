// Reads SpiceDB's source, and so depends on nothing of it.
module judges/spicedb-source

go 1.26.0
