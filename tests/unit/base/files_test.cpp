#include "server/base/files.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/catch.hpp"

using namespace tocsin::base;
using tocsin::core::Code;
namespace fs = std::filesystem;

namespace {

class Directory {
 public:
  Directory() {
    auto pattern = (fs::temp_directory_path() / "tocsin-files-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Directory() { fs::remove_all(path); }
  fs::path path;
};

std::size_t entries(fs::path const& directory) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), {}));
}

mode_t mode_of(fs::path const& path) {
  struct stat facts{};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

}  // namespace

TEST_CASE("a file is replaced whole, with its mode and without leftovers", "[base][files]") {
  Directory directory;
  auto path = directory.path / "secret";
  auto umask_before = ::umask(0);
  REQUIRE(write_file(path, "one", 0600));
  CHECK(mode_of(path) == 0600);
  ::umask(0777);
  REQUIRE(write_file(path, std::string(100'000, 'x'), 0644));
  ::umask(umask_before);
  CHECK(mode_of(path) == 0644);
  CHECK(read_file(path, 100'000) == std::string(100'000, 'x'));
  REQUIRE(write_file(path, "", 0600));
  CHECK(read_file(path, 0) == "");
  CHECK(entries(directory.path) == 1);
}

TEST_CASE("a file that cannot be written leaves the old one and no temporary", "[base][files]") {
  Directory directory;
  fs::create_directory(directory.path / "taken");
  REQUIRE(write_file(directory.path / "taken" / "inside", "x", 0600));
  auto written = write_file(directory.path / "taken", "bytes", 0600);
  REQUIRE_FALSE(written);
  CHECK(written.error().code == Code::io_failed);
  CHECK(entries(directory.path) == 1);
  CHECK(write_file(directory.path / "absent" / "x", "x", 0600).error().code == Code::not_found);
}

TEST_CASE("the end of a file is written over in place, and nothing is made longer", "[base][files]") {
  Directory directory;
  auto const file = directory.path / "a";
  REQUIRE(write_file(file, "one\nstopped\n", 0600).has_value());
  REQUIRE(overwrite_end(file, "running\n").has_value());
  CHECK(read_file(file, 100).value() == "one\nrunning\n");
  CHECK_FALSE(overwrite_end(file, std::string(13, 'x')).has_value());
  CHECK(read_file(file, 100).value() == "one\nrunning\n");
  CHECK(overwrite_end(directory.path / "b", "x").error().code == Code::not_found);
}

TEST_CASE("a moved file replaces what had the name, and one that is not there moves nothing", "[base][files]") {
  Directory directory;
  auto from = directory.path / "unfinished", to = directory.path / "finished";
  REQUIRE(write_file(from, "new", 0600));
  REQUIRE(write_file(to, "old", 0644));
  REQUIRE(move_file(from, to));
  CHECK(read_file(to, 10) == "new");
  CHECK(mode_of(to) == 0600);
  CHECK(entries(directory.path) == 1);
  CHECK(move_file(from, to).error().code == Code::not_found);
  CHECK(read_file(to, 10) == "new");
}

TEST_CASE("only a regular file of at most the given length is read", "[base][files]") {
  Directory directory;
  auto path = directory.path / "file";
  REQUIRE(write_file(path, "12345", 0600));
  CHECK(read_file(path, 5) == "12345");
  CHECK(read_file(path, 4).error().code == Code::io_failed);
  CHECK(read_file(directory.path / "absent", 5).error().code == Code::not_found);
  CHECK(read_file(directory.path, 5).error().code == Code::io_failed);
  REQUIRE(::mkfifo((directory.path / "pipe").c_str(), 0600) == 0);
  CHECK(read_file(directory.path / "pipe", 5).error().code == Code::io_failed);
}

TEST_CASE("a data directory has one holder, whose process the refusal names", "[base][files]") {
  Directory directory;
  auto file = directory.path / "lock";
  auto first = DirectoryLock::acquire(file);
  REQUIRE(first);
  auto second = DirectoryLock::acquire(file);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Code::directory_in_use);
  CHECK(second.error().detail.find("process " + std::to_string(::getpid())) != std::string::npos);
  {
    DirectoryLock moved = std::move(*first);
    CHECK_FALSE(DirectoryLock::acquire(file));
  }
  CHECK(DirectoryLock::acquire(file));
  CHECK(DirectoryLock::acquire(directory.path / "absent" / "lock").error().code == Code::not_found);
}

TEST_CASE("the lock of a process that was killed is free", "[base][files]") {
  Directory directory;
  auto file = directory.path / "lock";
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto lock = DirectoryLock::acquire(file);
    (void)!::write(ready[1], lock ? "y" : "n", 1);
    ::pause();
    ::_exit(0);
  }
  char answer = 0;
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  CHECK(answer == 'y');
  CHECK_FALSE(DirectoryLock::acquire(file));
  ::kill(child, SIGKILL);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(DirectoryLock::acquire(file));
  ::close(ready[0]);
  ::close(ready[1]);
}
