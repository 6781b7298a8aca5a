#include "clients/cpp/object_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ostream>
#include <utility>

#include "clients/cpp/files.hpp"
#include "schema/core/bytes.hpp"
#include "schema/core/digest.hpp"

namespace tocsin::client {

namespace fs = std::filesystem;

ObjectWriter::ObjectWriter(std::ostream& out, Format format, bool may_repeat)
    : out_(out), format_(format), may_repeat_(may_repeat) {
  if (format_ == Format::bundle)
    out_ << R"({"type":"bundle","id":"bundle--)" << core::to_text(core::random_uuid()) << '"';
}

void ObjectWriter::write(std::string_view object) {
  if (may_repeat_ && !seen_.insert(std::string(core::view(core::sha256(object)))).second) return;
  if (format_ == Format::bundle) out_ << (count_ == 0 ? ",\"objects\":[" : ",");
  ++count_;
  for (std::size_t begin = 0; begin <= object.size();) {
    auto const end = std::min(object.find_first_of("\r\n", begin), object.size());
    out_ << object.substr(begin, end - begin);
    begin = end + 1;
  }
  if (format_ == Format::ndjson) out_ << '\n';
}

// A bundle without objects has no list of them (STIX 2.1 section 8 allows none that is empty).
void ObjectWriter::finish() {
  if (format_ == Format::bundle) out_ << (count_ == 0 ? "}\n" : "]}\n");
  out_.flush();
}

Outcome<OutputFile> OutputFile::create(fs::path path) { return create(std::move(path), 0666); }

Outcome<OutputFile> OutputFile::create_private(fs::path path) { return create(std::move(path), 0600); }

Outcome<OutputFile> OutputFile::create(fs::path path, unsigned mode) {
  auto part = path;
  part.replace_filename("." + path.filename().string() + ".part-" + std::to_string(::getpid()));
  OutputFile out(std::move(path), std::move(part));
  // Left behind by a process of this number, it would keep its mode.
  std::error_code ignored;
  fs::remove(out.part_, ignored);
  int const descriptor = ::open(out.part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (descriptor < 0) return file_failure(out.path_.string(), "written", errno);
  ::close(descriptor);
  out.stream_.open(out.part_, std::ios::binary | std::ios::trunc);
  if (!out.stream_.is_open()) return file_failure(out.path_.string(), "written", errno);
  return out;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)), part_(std::exchange(other.part_, {})), stream_(std::move(other.stream_)) {}

OutputFile::~OutputFile() {
  std::error_code ignored;
  if (!part_.empty()) fs::remove(part_, ignored);
}

Outcome<void> OutputFile::commit() {
  stream_.close();
  if (stream_.fail()) return file_failure(path_.string(), "written", errno);
  int const descriptor = ::open(part_.c_str(), O_RDONLY | O_CLOEXEC);
  bool const durable = descriptor >= 0 && ::fsync(descriptor) == 0;
  int const failure = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!durable) return file_failure(path_.string(), "written", failure);
  std::error_code error;
  fs::rename(part_, path_, error);
  if (error) return file_failure(path_.string(), "written", error.value());
  part_.clear();
  return {};
}

}  // namespace tocsin::client
