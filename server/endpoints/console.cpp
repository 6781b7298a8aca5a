#include "server/endpoints/console.hpp"

#include <algorithm>

#include "server/endpoints/answers.hpp"

namespace tocsin::endpoints {
namespace {

constexpr std::string_view kNone =
    "<!doctype html>\n<html lang=\"en\"><title>Tocsin</title>\n<h1>Tocsin</h1>\n"
    "<p>This build has no console. The server answers programs as ever: <a href=\"/api/v1/\">the HTTP API</a>.</p>\n"
    "<p>It was built with <code>-DTOCSIN_CONSOLE=OFF</code>: <code>make build</code> makes one that has "
    "it.</p>\n</html>\n";

// Whatever a browser would guess from the bytes is forbidden by nosniff: what is not named here is not shown.
std::string_view media_type(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".json", "application/json"},
      {".txt", "text/plain; charset=utf-8"},
  };
  for (auto const& [ending, type] : kTypes)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

ConsoleFile const* find_file(std::span<ConsoleFile const> files, std::string_view path) {
  auto found = std::ranges::find(files, path, &ConsoleFile::path);
  return found != files.end() ? &*found : nullptr;
}

// Nothing from elsewhere is loaded, run, framed or sent, even if foreign text became markup.
http::Response guarded(http::Response response) {
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                                "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
                                "frame-ancestors 'none'");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  return response;
}

}  // namespace

http::Response console_answer(std::span<ConsoleFile const> files, http::Request const& request, std::string_view path) {
  bool is_asset = path.starts_with("assets/");
  auto const* file = find_file(files, path);
  if (file == nullptr && is_asset)
    return guarded(error_answer(request, {core::Code::not_found, "The console has no such asset.", "",
                                          "Load the console again: it was built anew."}));
  if (file == nullptr) file = find_file(files, "index.html");
  if (file == nullptr) return guarded(text_answer(200, std::string(kNone), "text/html; charset=utf-8"));
  auto response = guarded(text_answer(200, std::string(file->bytes), media_type(file->path)));
  if (is_asset) response.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  return response;
}

Answer console(Context&, http::Request& request) {
  co_return console_answer(console_files(), request,
                           request.parameters.empty() ? std::string_view() : request.parameters.front());
}

}  // namespace tocsin::endpoints
