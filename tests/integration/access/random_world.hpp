// A random instance and the model of it, which are told the same. Owned by a test; one thread.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/integration/access/model.hpp"
#include "tests/support/in_process.hpp"
#include "tests/support/randomness.hpp"

namespace tocsin::test {

// What the server answered is not what the rules say. The text names both.
struct Difference : std::runtime_error {
  using std::runtime_error::runtime_error;
};
void expect_equal(std::string const& got, std::string const& want, std::string const& what);

class RandomWorld {
 public:
  explicit RandomWorld(Random& random);

  // One submission or withdrawal by a random member. Throws Difference.
  void write();
  // A member joins or leaves a random audience.
  void change_audience();
  // Another credential of a random member, limited in random ways.
  void add_credential();

  struct Submission {
    std::string id;
    std::size_t organisation;
    std::vector<std::pair<std::string, std::string>>
        accepted;  // object and version, which is "" when it has none of its own
    std::vector<std::string> refused;
  };

  [[nodiscard]] model::World const& facts() const { return facts_; }
  [[nodiscard]] InProcess& server() { return server_; }
  [[nodiscard]] std::vector<Submission> const& submissions() const { return submissions_; }
  // What objects may be called, also such as do not exist.
  [[nodiscard]] std::vector<std::string> const& ids() const { return ids_; }
  // What the status of a submission says is the version of an object: its own, or when it was first published.
  [[nodiscard]] std::string version_in_status(std::size_t organisation, std::string const& id,
                                              std::string const& version) const;

 private:
  void submit(std::size_t organisation, std::size_t collection);
  void withdraw(std::size_t organisation, std::size_t collection);
  void learn_dates(std::size_t organisation, std::size_t collection);
  model::Object object(std::size_t organisation, std::string const& id);
  std::vector<std::string> markings(bool two);
  static void keep_floor(std::vector<std::string>& markings);
  std::string uuid();

  Random& random_;
  InProcess server_;
  model::World facts_;
  std::vector<std::string> ids_, statements_, levels_, audiences_;
  std::map<std::pair<std::size_t, std::string>, std::vector<std::string>> usual_markings_;
  std::vector<Submission> submissions_;
  int year_ = 2010;  // of the newest revocation, so that it is the newest version
};

}  // namespace tocsin::test
