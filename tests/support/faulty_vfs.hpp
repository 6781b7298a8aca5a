// SQLite on a FaultyDisk: the VFS that every connection of the test process gets, so that what is tested need not know.
// Files in the folder of a FaultyDisk are on it, all others where they always were. Any thread.
#pragma once

namespace tocsin::test {

// From now on, once for the process. SQLite's sleeps last no time: who waits for a lock of a file on a FaultyDisk is
// refused at once.
void use_faulty_vfs();

}  // namespace tocsin::test
