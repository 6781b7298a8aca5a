#include "clients/cpp/access_log.hpp"

#include "clients/cpp/files.hpp"

namespace tocsin::client {
namespace {

void warn_of(std::vector<logs::Mapping> const& unmet, std::string const& file, Console& console) {
  for (auto const& one : unmet)
    console.err << "tocsin: warning: " << printable(name_of_log(file)) << ": no request has \"" << printable(one.member)
                << "\", which --map names for " << logs::name(one.field) << '\n';
}

}  // namespace

std::string name_of_log(std::string const& file) { return file == "-" ? "standard input" : file; }

Outcome<void> read_access_log(std::string const& file, Console& console, logs::LogReader& reader,
                              std::function<void(std::size_t)> const& told) {
  auto const take = [&](std::string_view piece) -> Outcome<void> {
    reader.feed(piece);
    told(piece.size());
    return {};
  };
  if (auto read = file == "-" ? read_pieces(console.in, take) : read_pieces(file, file, take); !read) return read;
  auto const whole = reader.finish();
  if (whole) {
    if (reader.counts().records > 0) warn_of(reader.unmet_maps(), file, console);
    return {};
  }
  return fail(Exit::local,
              name_of_log(file) + " is not whole: " + whole.error().detail + " " +
                  std::to_string(reader.counts().lines) + " lines came before that.",
              whole.error().remedy);
}

}  // namespace tocsin::client
