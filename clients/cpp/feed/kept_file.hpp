// A file that another program reads, replaced as a whole and put back when that program does not want it. Beside it lie
// hidden files while it is replaced, and as long as nobody has accepted the new one: what was there before. So at
// whichever instant the process is killed, the file is one whole version, and the next process knows whether that one
// was accepted. The last of them stays: how new what was last told of the file is. Owned by a command, under a
// FolderLock; one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

// What was last told of a file.
struct LastTold {
  std::int64_t as_of_us = 0;                // until when it is known to be true
  std::optional<std::uint64_t> generation;  // the greatest that was signed; nullopt: none was

  friend bool operator==(LastTold const&, LastTold const&) = default;
};

class KeptFile {
 public:
  // A link is followed. Failure: Exit::local, when there is something that is no file.
  [[nodiscard]] static Outcome<KeptFile> at(std::filesystem::path path);

  [[nodiscard]] std::filesystem::path folder() const;
  [[nodiscard]] std::string name() const { return path_.string(); }

  // nullopt: there is none yet.
  [[nodiscard]] Outcome<std::optional<std::string>> read() const;

  // Removes what a process left that was stopped while it wrote.
  void remove_unfinished();
  // Durable when it returns. Owner and rights stay. With `until_accepted` the version before is kept; after several
  // that nobody accepted, it is the last one that somebody did.
  [[nodiscard]] Outcome<void> replace(std::string_view bytes, bool until_accepted);
  [[nodiscard]] bool awaits_acceptance() const;
  void accept();
  [[nodiscard]] Outcome<void> put_back();

  // nullopt: nothing is known of the file, or there is none.
  [[nodiscard]] Outcome<std::optional<LastTold>> last_told() const;
  [[nodiscard]] Outcome<void> remember(LastTold const& told) const;

 private:
  explicit KeptFile(std::filesystem::path path);
  [[nodiscard]] Outcome<void> write_part(std::string_view bytes) const;
  [[nodiscard]] Outcome<void> keep_before() const;
  [[nodiscard]] Outcome<void> sync_folder() const;

  std::filesystem::path path_;
  std::filesystem::path as_of_;
  std::filesystem::path part_, before_, none_;  // beside it; `none_`: there was no file before
};

// Keeps other processes from replacing files of the same folder. Held for as long as a replacement takes, with its
// command.
class FolderLock {
 public:
  [[nodiscard]] static Outcome<FolderLock> take(std::filesystem::path const& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace tocsin::client
