// Who may do what: a table written by hand, which knows nothing of the one that the server has. Constant.
#pragma once

namespace tocsin::test {

struct Row {
  char const* method;
  char const* pattern;
  char const* roles;  // by initial: submitter, analyst, feed, liaison, peer, Auditor, aDmin, invited; "*": no
                      // credential is asked for
  int status;         // of a caller who may
};

// clang-format off
inline constexpr Row kTable[] = {
    {"GET",    "/taxii2/",                                                    "saflpAD", 200},
    {"GET",    "/taxii2/root/",                                               "saflpAD", 200},
    {"GET",    "/taxii2/root/status/{id}/",                                   "sa",      200},
    {"GET",    "/taxii2/root/collections/",                                   "safl",    200},
    {"GET",    "/taxii2/root/collections/{id}/",                              "safl",    200},
    {"GET",    "/taxii2/root/collections/{id}/manifest/",                     "safl",    200},
    {"GET",    "/taxii2/root/collections/{id}/objects/",                      "safl",    200},
    {"POST",   "/taxii2/root/collections/{id}/objects/",                      "sa",      202},
    {"GET",    "/taxii2/root/collections/{id}/objects/{object}/",             "safl",    200},
    {"DELETE", "/taxii2/root/collections/{id}/objects/{object}/",             "aD",      200},
    {"GET",    "/taxii2/root/collections/{id}/objects/{object}/versions/",    "safl",    200},
    {"POST",   "/api/v1/indicators",                                          "sa",      200},
    {"POST",   "/api/v1/indicators/{id}/retract",                             "aD",      200},
    {"POST",   "/api/v1/indicators/{id}/release",                             "a",       202},
    {"GET",    "/api/v1/releases",                                            "a",       200},
    {"GET",    "/api/v1/releases/{id}",                                       "a",       200},
    {"POST",   "/api/v1/releases/{id}/approve",                               "a",       200},
    {"POST",   "/api/v1/releases/{id}/refuse",                                "a",       200},
    {"POST",   "/api/v1/indicators/{id}/sightings",                           "sa",      200},
    {"POST",   "/api/v1/indicators/{id}/opinions",                            "sa",      200},
    {"GET",    "/api/v1/indicators",                                          "safl",    200},
    {"GET",    "/api/v1/indicators/{id}",                                     "safl",    200},
    {"GET",    "/api/v1/indicators/{id}/history",                             "safl",    200},
    {"GET",    "/api/v1/indicators/{id}/proof",                               "safl",    200},
    {"GET",    "/api/v1/campaigns",                                           "safl",    200},
    {"GET",    "/api/v1/campaigns/{id}",                                      "safl",    200},
    {"POST",   "/api/v1/campaigns",                                           "sa",      200},
    {"POST",   "/api/v1/infrastructures",                                     "sa",      200},
    {"GET",    "/api/v1/stream",                                              "af",      200},
    {"GET",    "/api/v1/me",                                                  "saflpAD", 200},
    {"GET",    "/api/v1/me/markings",                                         "sa",      200},
    {"GET",    "/api/v1/report",                                              "a",       200},
    {"GET",    "/api/v1/mutes",                                               "a",       200},
    {"POST",   "/api/v1/mutes",                                               "a",       200},
    {"POST",   "/api/v1/mutes/remove",                                        "a",       200},
    {"POST",   "/api/v1/login",                                               "i",       201},
    {"GET",    "/api/v1/ranges",                                              "a",       200},
    {"POST",   "/api/v1/ranges",                                              "a",       200},
    {"POST",   "/api/v1/ranges/remove",                                       "a",       200},
    {"GET",    "/api/v1/alerts",                                              "af",      200},
    {"GET",    "/api/v1/admin/organisations",                                 "D",       200},
    {"POST",   "/api/v1/admin/organisations",                                 "D",       201},
    {"POST",   "/api/v1/admin/organisations/{name}/disable",                  "D",       200},
    {"POST",   "/api/v1/admin/organisations/{name}/enable",                   "D",       200},
    {"GET",    "/api/v1/admin/credentials",                                   "D",       200},
    {"POST",   "/api/v1/admin/credentials",                                   "D",       201},
    {"POST",   "/api/v1/admin/invitations",                                   "D",       201},
    {"POST",   "/api/v1/admin/log-key",                                       "D",       200},
    {"POST",   "/api/v1/admin/erasures",                                      "D",       200},
    {"GET",    "/api/v1/collections/{id}/objects/{object}/readers",           "a",       200},
    {"GET",    "/api/v1/audit/entries",                                       "AD",      200},
    {"GET",    "/api/v1/audit/checkpoint",                                    "AD",      200},
    {"POST",   "/api/v1/admin/credentials/{id}/revoke",                       "D",       200},
    {"GET",    "/api/v1/admin/denied-pins",                                   "D",       200},
    {"POST",   "/api/v1/admin/denied-pins",                                   "D",       201},
    {"GET",    "/api/v1/admin/collections",                                   "D",       200},
    {"POST",   "/api/v1/admin/collections",                                   "D",       201},
    {"GET",    "/api/v1/admin/audiences",                                     "D",       200},
    {"POST",   "/api/v1/admin/audiences",                                     "D",       201},
    {"POST",   "/api/v1/admin/audiences/{name}/members",                      "D",       202},
    {"POST",   "/api/v1/admin/audiences/{name}/remove",                       "D",       200},
    {"POST",   "/api/v1/admin/audience-proposals/{id}/approve",               "D",       200},
    {"GET",    "/api/v1/admin/allow-lists",                                   "D",       200},
    {"POST",   "/api/v1/admin/allow-lists",                                   "D",       200},
    {"POST",   "/api/v1/admin/allow-lists/import",                            "D",       200},
    {"POST",   "/api/v1/admin/allow-lists/remove",                            "D",       200},
    {"GET",    "/api/v1/",                                                    "*",       200},
    {"GET",    "/api/v1/openapi.yaml",                                        "*",       200},
    {"GET",    "/clients/tocsin.py",                                          "*",       200},
    {"GET",    "/healthz",                                                    "*",       200},
    {"GET",    "/readyz",                                                     "*",       200},
    {"GET",    "/metrics",                                                    "D",       200},
};
// clang-format on

}  // namespace tocsin::test
