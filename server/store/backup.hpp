// A backup of a database, and the seal on it: one SQLite file that holds the database as it was at one moment and,
// in tables of their own, what else a restore needs. Whoever opens such a file, restored or not, finds the seal, so
// that an old copy is never served by mistake. Blocking; main thread of a verb.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/result.hpp"
#include "server/store/log_store.hpp"

namespace tocsin::store {

// A file that lies beside the database, by its path inside the data directory.
struct BackupFile {
  std::string name, bytes;
};

struct BackupSeal {
  std::int64_t made_us = 0;     // when the backup was begun
  std::uint64_t data_size = 0;  // of the log in it
  core::Digest root{};
  std::string log_key, root_key;  // whose log it is: verifier keys in their text form
};

// Copies the database as it is at one moment into `to`, a new file (0600), while others write. Takes no lock that
// a writer or its checkpoints wait for: the write-ahead log grows until the copy is done. `to` is one file that needs
// no log of its own. Errors: directory_in_use when `to` exists, storage_full, storage_failed, io_failed.
[[nodiscard]] core::Result<void> copy_database(std::filesystem::path const& from, std::filesystem::path const& to);

// Makes a copied database a backup. Errors: storage_full, storage_failed.
[[nodiscard]] core::Result<void> add_seal(std::filesystem::path const& file, BackupSeal const& seal,
                                          std::vector<BackupFile> const& files);

// nullopt when the database carries no seal. Changes nothing. Error: storage_failed, also when it is no database.
[[nodiscard]] core::Result<std::optional<BackupSeal>> read_seal(std::filesystem::path const& file);

// What was put beside the database. Error: storage_failed.
[[nodiscard]] core::Result<std::vector<BackupFile>> read_files(std::filesystem::path const& file);

// Overwrites the files in it and keeps the seal. Errors: storage_full, storage_failed.
[[nodiscard]] core::Result<void> remove_files(std::filesystem::path const& file);

// Takes the seal off: from now on the instance may be served. Errors: storage_full, storage_failed.
[[nodiscard]] core::Result<void> lift_seal(std::filesystem::path const& file);

// The log of a database as it is now: whatever is asked of it is about this one moment, while others write. To be let
// go of soon, for the write-ahead log grows meanwhile. Error: storage_failed.
[[nodiscard]] core::Result<std::unique_ptr<LogStore>> open_sqlite_log(std::filesystem::path const& file);

}  // namespace tocsin::store
