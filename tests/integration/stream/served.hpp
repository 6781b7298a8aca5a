// An instance behind a real server, and readers of its streams over TLS. Owned by a test; one thread.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/http/server.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/in_process.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_certificates.hpp"

namespace tocsin::test {

// One event as a client takes it.
struct Event {
  std::string name, id, data;

  [[nodiscard]] nlohmann::json json() const;    // of its data
  [[nodiscard]] std::string object_id() const;  // of an event `object`
};

// The events of one answer to GET /api/v1/stream.
class EventReader {
 public:
  EventReader(RawClient client, std::string const& target, std::string const& token, std::string const& last_id);

  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::string const& head() const { return head_; }
  // Comments are left out; an id alone is taken note of. nullopt: the stream has ended, whole() says how.
  [[nodiscard]] std::optional<Event> next();
  [[nodiscard]] std::string const& last_id() const { return last_id_; }
  [[nodiscard]] bool whole() const { return whole_; }  // it ended with the last chunk
  [[nodiscard]] bool is_quiet(RawClient::Time wait) { return text_.empty() && client_.is_quiet(wait); }
  [[nodiscard]] std::string const& everything() const { return everything_; }  // that was read, as it came

 private:
  [[nodiscard]] bool fill();  // false at the end

  RawClient client_;
  int status_ = 0;
  std::string head_, text_, everything_, last_id_;
  bool whole_ = false;
};

// The id of the object that the next event must tell of.
[[nodiscard]] std::string next_object(EventReader& reader);

class Served {
 public:
  struct Limits {
    std::chrono::milliseconds write_timeout{30'000};
  };
  explicit Served(InProcess& world) : Served(world, Limits()) {}
  Served(InProcess& world, Limits limits);
  ~Served();

  // Throws unless it is answered with 200, and waits for its beginning.
  [[nodiscard]] EventReader follow(std::string const& token, std::string const& query = "",
                                   std::string const& last_id = "");
  [[nodiscard]] EventReader ask(std::string const& token, std::string const& query = "",
                                std::string const& last_id = "");
  void stop();  // returns when the server has

 private:
  Folder folder_;
  TestAuthority authority_;
  std::unique_ptr<http::Server> server_;
  std::thread thread_;
};

// A member "lab" that writes what a test says, and a member "cloud" that reads up to AMBER.
struct Community {
  Community();

  // The id of a new indicator, stored with this marking: "" for the collection's default, which is GREEN.
  std::string write(std::string const& marking = "", std::size_t collection = 0, std::string const& type = "indicator");
  // A marking-definition's id, of a TLP level.
  [[nodiscard]] static std::string tlp(std::string const& level);
  [[nodiscard]] std::int64_t open_streams();

  InProcess world;
  std::vector<std::string> collections;
  std::string lab, cloud;  // tokens of analysts
  int written = 0;
};

// Asks until `condition` holds; false when it does not within twenty seconds.
[[nodiscard]] bool eventually(std::function<bool()> const& condition);

}  // namespace tocsin::test
