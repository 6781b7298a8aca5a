// Signing in to the console and out of it: schema/openapi.yaml, signIn. What may be done in a session is what its
// credential may do; gates.cpp looks at both with every request.
#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/access/permissions.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/presented.hpp"

namespace tocsin::endpoints {
namespace {

constexpr int kCreated = 201, kNoContent = 204;

// No script reads it, and no request that another site's page began carries it.
std::pair<std::string, std::string> cookie_of(std::string_view value, std::string_view more = "") {
  return {"Set-Cookie", std::string(access::kConsoleCookie) + "=" + std::string(value) +
                            "; Path=/; Secure; HttpOnly; SameSite=Strict" + std::string(more)};
}

nlohmann::json told(base::Principal const& who, access::SignedIn const& session) {
  auto const text = [](std::int64_t at_us) { return stix::Timestamp::from_microseconds(at_us).text(); };
  return {{"organisation", who.organisation_name},
          {"credential", {{"id", who.credential_id}, {"label", who.credential_label}}},
          {"roles", access::role_names(who.roles)},
          {"idle_until", text(session.idle_us)},
          {"until", text(session.until_us)}};
}

core::Error not_in_a_session() {
  return {core::Code::not_found, "The request was made with a credential, and not in a session of the console.", "",
          "Sign in by `POST /console/session`."};
}

core::Error of_nobody() {
  return {core::Code::forbidden, "The operator on the admin socket does not sign in.", "",
          "Send a token of an administrator."};
}

void log_session(Context& context, char const* event, base::Principal const& who) {
  context.log.info(event, {{"organisation", who.organisation_name}, {"credential", who.credential_id}});
}

}  // namespace

Answer sign_in(Context& context, http::Request& request) {
  if (!request.headers.find("Authorization"))  // a certificate, which a browser shows unasked
    if (auto refused = not_of_console(request)) co_return error_answer(request, *refused);
  auto const directory = context.registry.current();
  auto const* credential = directory->session(request.principal->credential_id);
  if (credential == nullptr) co_return error_answer(request, of_nobody());
  if (auto const before = request.headers.find("Cookie"))  // this browser's
    if (auto const value = access::console_cookie(*before)) context.sessions.close(core::sha256(*value));
  auto const* certificate = request.on_mtls_listener ? request.certificate.get() : nullptr;
  auto opened = context.sessions.open(*credential, certificate, context.clock.now_us());
  if (!opened) co_return error_answer(request, opened.error());
  log_session(context, "console.signed_in", *request.principal);
  auto answer = json_answer(kCreated, told(*request.principal, opened->session));
  answer.headers.push_back(cookie_of(opened->value));
  co_return answer;
}

Answer signed_in(Context& context, http::Request& request) {
  auto const by = presented(context, request);
  auto const session = by.session ? context.sessions.find(*by.session, context.clock.now_us()) : std::nullopt;
  if (!session) co_return error_answer(request, not_in_a_session());
  co_return json_answer(200, told(*request.principal, *session));
}

Answer sign_out(Context& context, http::Request& request) {
  auto const by = presented(context, request);
  if (!by.session) co_return error_answer(request, not_in_a_session());
  context.sessions.close(*by.session);
  context.bell.ring();  // streams that were opened in it look who they are for
  log_session(context, "console.signed_out", *request.principal);
  http::Response answer;
  answer.status = kNoContent;
  answer.headers.push_back(cookie_of("", "; Max-Age=0"));
  co_return answer;
}

}  // namespace tocsin::endpoints
