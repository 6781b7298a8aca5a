// A small TAXII server for the command line's tests: two collections, and answers a test may replace. Owned by a test.
#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "clients/cpp/outcome.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/unit/client/temporary_folder.hpp"

namespace tocsin::test {

inline constexpr auto kNetworkId = "91a7b528-80eb-42ed-a74d-c6fbd5a26116";
inline constexpr auto kCampaignsId = "f4a8d5b2-8d3c-4f6e-9a51-0f2f6b0c9f10";

class TaxiiScript {
 public:
  using Answer = std::function<ScriptedReply(ScriptedRequest const&)>;

  TaxiiScript();

  // What "METHOD /path" answers, in place of or beyond the usual; the query is not part of it.
  void on(std::string const& method_and_path, Answer answer) { answers_[method_and_path] = std::move(answer); }

  struct Run {
    client::Exit exit;
    std::string out, err;
  };
  // `tocsin ARGUMENTS…` against this server, with a token. The first call starts the server.
  Run run(std::vector<std::string> arguments, std::string const& input = {});
  // The same with another standard output.
  Run run(std::vector<std::string> arguments, std::string const& input, std::ostream& out);
  // A variable for the runs that follow, in place of or beyond the usual; "": unset.
  void set(std::string const& name, std::string value) { variables_[name] = std::move(value); }
  // Standard output of the runs that follow is no terminal.
  void pipe() { piped_ = true; }

  [[nodiscard]] std::vector<ScriptedRequest> requests() const { return server_->requests(); }
  [[nodiscard]] std::vector<std::chrono::milliseconds> const& pauses() const { return pauses_; }
  [[nodiscard]] TemporaryFolder const& folder() const { return folder_; }
  [[nodiscard]] std::string url() const;
  void start();

  static std::string objects_path(std::string const& collection) {
    return "/api/collections/" + collection + "/objects/";
  }

 private:
  TestAuthority authority_;
  TemporaryFolder folder_;
  std::map<std::string, Answer> answers_;
  std::map<std::string, std::string> variables_;
  std::vector<std::chrono::milliseconds> pauses_;
  bool piped_ = false;
  std::unique_ptr<ScriptedServer> server_;
};

}  // namespace tocsin::test
