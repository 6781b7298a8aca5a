// Files of the user, and what the system says when one cannot be used. Blocking; any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "clients/cpp/outcome.hpp"

namespace tocsin::client {

// All of a file. `name` is what a failure's sentence calls it. Failure: Exit::local, with the system's reason.
[[nodiscard]] Outcome<std::string> read_file(std::filesystem::path const& file, std::string const& name);

// Bytes of a file that may be read, 0 of one without a size. Failure: as read_file.
[[nodiscard]] Outcome<std::size_t> size_of_file(std::filesystem::path const& file, std::string const& name);

// A file or a stream piece by piece, each of at most 64 KiB. Ends with the first failure of `take`, or with that of the
// reading, which is as read_file's.
using TakePiece = std::function<Outcome<void>(std::string_view)>;
[[nodiscard]] Outcome<void> read_pieces(std::filesystem::path const& file, std::string const& name,
                                        TakePiece const& take);
[[nodiscard]] Outcome<void> read_pieces(std::istream& standard_input, TakePiece const& take);

// "NAME cannot be DONE: the system's reason.", and how to mend it; `error` is an errno.
[[nodiscard]] std::unexpected<Failure> file_failure(std::string const& name, std::string const& done, int error);

}  // namespace tocsin::client
