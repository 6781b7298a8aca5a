#include <iostream>
#include <nlohmann/json.hpp>

#include "server/app/admin_call.hpp"
#include "server/app/certificates.hpp"
#include "server/app/credential_body.hpp"
#include "server/app/verbs.hpp"
#include "server/base/files.hpp"

namespace tocsin::app {
namespace {

// A dot and the digest of the private authority that members are to trust; nothing when the certificate's authority is
// one that their systems know.
core::Result<std::string> authority_mark(Layout const& layout, base::Config const& config) {
  auto const file = layout.directory / config.tls.certificate;
  auto chain = base::read_file(file, 1 << 20);
  if (!chain) return std::unexpected(chain.error());
  auto authority = authority_in(*chain);
  if (!authority) return std::unexpected(authority.error());
  if (*authority) return "." + core::to_hex(core::view(**authority));
  if (file != layout.certificates() / "server.crt") return std::string();
  return core::fail(
      core::Code::tls_failed,
      file.string() + " does not hold the authority that signed the certificate, so that nobody could find it.", "",
      "Make a new one that does: tocsind key rotate --tls");
}

core::Result<std::string> url_of(base::Config const& config, std::optional<std::string> const& given) {
  auto const url = given.value_or("https://" + config.instance.host + ":" + std::to_string(config.listen.https.port));
  bool const plain = url.starts_with("https://") && url.size() > 8 &&
                     url.find_first_of("#? \"\\") == std::string::npos && url.find('/', 8) == std::string::npos;
  if (plain) return url;
  return core::fail(core::Code::bad_parameter, "The URL of the server has not the form https://HOST[:PORT].", "",
                    "Give it as members reach the server.");
}

}  // namespace

int invite(Layout const& layout, access::NewCredential const& given, std::optional<std::string> const& url) {
  auto config = config_or_report(layout);
  if (!config) return 1;
  auto server = url_of(*config, url);
  if (!server) return report(server.error());
  auto mark = authority_mark(layout, *config);
  if (!mark) return report(mark.error());
  auto answer = admin_call(layout, *config, http::Method::post, "/api/v1/admin/invitations", credential_body(given));
  if (!answer) return report(answer.error());
  std::cout << *server << '#' << answer->at("invitation").get<std::string>() << *mark << '\n';
  std::cerr << "tocsind: It works once, until " << answer->at("until").get<std::string>()
            << ". Whoever has it can use it: send it so that nobody else reads it, for `tocsin login`.\n";
  for (auto const& remark : answer->value("remarks", nlohmann::json::array()))
    std::cerr << "tocsind: Note: " << remark.get<std::string>() << '\n';
  return 0;
}

}  // namespace tocsin::app
