// A whole instance in a temporary directory, asked without sockets: what a session does between a parsed head and the
// bytes of its answer happens here, with the real router, gates and handlers. Owned by a test; one thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/access/administration.hpp"
#include "server/access/audience_administration.hpp"
#include "server/app/instance.hpp"
#include "server/base/files.hpp"
#include "server/http/server.hpp"
#include "tests/support/folder.hpp"

namespace tocsin::test {

// Of the organisation that runs the instance, when a test adds one with it.
inline constexpr char const* kInstanceIdentity = "identity--00000000-0000-4000-8000-0000000000aa";

using HeaderList = std::vector<std::pair<std::string, std::string>>;

enum class Door : std::uint8_t { https, mtls, loopback, admin };

struct Call {
  std::string method = "GET";
  std::string target;  // as in a request line
  std::string token;   // sent as Bearer; empty: no credential
  HeaderList headers;  // besides Host and Authorization
  std::string body;
  Door door = Door::https;
  std::string address = "192.0.2.1";                     // of the peer
  std::optional<base::ClientCertificate> certificate{};  // at the mtls door; none: it is not trusted
};

struct Answer {
  int status = 0;
  std::string content_type;
  HeaderList headers;  // without those that the session adds to every answer
  std::string body;    // "" of one that is sent piece by piece

  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;  // as it is written
};

class InProcess {
 public:
  InProcess();

  // A second instance over a copy of everything stored so far: same keys, ids, tokens and rows.
  [[nodiscard]] std::unique_ptr<InProcess> twin() const;

  // Runs until there is an answer. Request ids are always the same, so that equal requests can have equal answers.
  // Throws what a handler throws.
  [[nodiscard]] Answer ask(Call const& call);
  [[nodiscard]] Answer get(std::string_view target, std::string_view token);
  // Objects as JSON texts, in one TAXII envelope.
  [[nodiscard]] Answer submit(std::string_view collection, std::string_view token,
                              std::vector<std::string> const& objects, std::string_view query = "");

  // Verbs of the operator. All throw std::runtime_error when the instance refuses.
  void add_organisation(std::string const& name, std::string const& type, std::string const& clearance,
                        std::string const& authority = "", std::string const& identity = "");
  void disable_organisation(std::string const& name);
  // The instance's manifest names the key of the log that it has now. An invitation of an instance that is not there,
  // and a peer that made one.
  void show_manifest();
  [[nodiscard]] std::string invitation_of(std::string const& host);
  void add_peer(std::string const& host);
  // What was verified of both logs of that peer, as if it had been followed: hashes of leaves, joined, and what its
  // control log opened.
  void keep_logs_of(std::string const& host, std::string const& leaves, std::vector<log::OpenedEntry> const& opened);
  // Whose submissions to a collection wait for an analyst, and whether an organisation's do.
  void moderate(std::string const& collection, std::string const& whose);
  void set_standing(std::string const& organisation, std::string const& standing);
  void add_allow_list(std::string const& name, std::vector<std::string> const& entries);
  [[nodiscard]] std::string add_collection(std::string const& title, std::string const& default_tlp);  // its id
  [[nodiscard]] std::string add_token(access::NewCredential const& wanted);
  [[nodiscard]] std::string add_token(std::string const& organisation, std::string const& role);
  [[nodiscard]] std::string invite(access::NewCredential const& wanted);  // the invitation
  void revoke_token(std::string const& token);
  [[nodiscard]] std::string add_audience(access::NewAudience const& wanted);  // id of its marking
  [[nodiscard]] std::string propose_member(std::string const& audience, std::string const& organisation);
  void add_member(std::string const& audience, std::string const& organisation);
  void remove_member(std::string const& audience, std::string const& organisation);

  // Both logs are signed and shown from now on, as by a server. Returns when they are.
  void publish_logs();
  // Returns when everything that is there was read.
  void start_matching();
  // Returns when the signed control log has so many entries.
  void wait_for_control(std::uint64_t size);

  [[nodiscard]] app::Instance& instance() { return *instance_; }
  [[nodiscard]] http::Router const& router() const { return instance_->router(); }

 private:
  struct Copy {
    std::filesystem::path from;
  };
  explicit InProcess(Copy const& copy);

  void open();
  [[nodiscard]] http::Response answer(http::Request& request, Call const& call);
  [[nodiscard]] http::Response handle(http::Request& request, std::string const& body);

  Folder folder_;
  app::Layout const layout_{folder_.path()};
  std::optional<base::DirectoryLock> lock_;
  std::unique_ptr<app::Instance> instance_;
  std::vector<http::Gate> gates_;
  boost::asio::io_context io_{1};
};

}  // namespace tocsin::test
