// The one bridge between coroutines and blocking work: reader threads, each with a database connection of its own.
// Owned by app; `run` from any coroutine. The connections are opened ahead: who runs out of descriptors later reads on.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "schema/core/result.hpp"
#include "server/base/workers.hpp"
#include "server/store/database.hpp"

namespace tocsin::store {

class Bridge {
 public:
  Bridge(Database& database, unsigned threads) : database_(database), threads_(threads, {4'096, 1'024}) {
    for (unsigned i = 0; i < threads; ++i)
      if (auto opened = database_.open_reader()) ready_.push_back(*std::move(opened));
  }

  // Runs `work` on a reader thread, in the turn of `organisation`, and resumes the caller on its own. `work` returns a
  // Result<T>. Errors besides its own: unavailable when too much waits already, storage_failed when the thread cannot
  // open its connection.
  template <class T>
  boost::asio::awaitable<core::Result<T>> run(RowId organisation, std::function<core::Result<T>(ReadStore&)> work) {
    using Outcome = std::shared_ptr<std::optional<core::Result<T>>>;
    auto initiate = [this, organisation](auto handler, std::function<core::Result<T>(ReadStore&)> job) {
      auto shared = std::make_shared<decltype(handler)>(std::move(handler));
      auto finish = [shared](std::exception_ptr thrown, Outcome outcome) {
        auto executor = boost::asio::get_associated_executor(*shared);
        boost::asio::post(executor, [shared, thrown, outcome] { std::move (*shared)(thrown, outcome); });
      };
      bool taken = threads_.submit(organisation, [this, finish, job = std::move(job)] {
        std::exception_ptr thrown;
        auto outcome = std::make_shared<std::optional<core::Result<T>>>();
        try {
          auto reader = this_thread_reader();
          if (reader)
            outcome->emplace(job(**reader));
          else
            outcome->emplace(std::unexpected(reader.error()));
        } catch (...) {
          thrown = std::current_exception();
        }
        finish(thrown, outcome);
      });
      if (!taken)
        finish(nullptr,
               std::make_shared<std::optional<core::Result<T>>>(core::fail(
                   core::Code::unavailable, "Too many requests wait for the database.", "", "Try again in a moment.")));
    };
    auto outcome =
        co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void(std::exception_ptr, Outcome)>(
            std::move(initiate), boost::asio::use_awaitable, std::move(work));
    co_return std::move(**outcome);
  }

 private:
  core::Result<ReadStore*> this_thread_reader() {
    thread_local std::unique_ptr<ReadStore> reader;
    thread_local Bridge const* owner = nullptr;
    if (owner != this) {
      auto opened = take_reader();
      if (!opened) return std::unexpected(opened.error());
      reader = *std::move(opened);
      owner = this;
    }
    return reader.get();
  }

  // One that was opened ahead; else its thread tries again, each time it needs one.
  core::Result<std::unique_ptr<ReadStore>> take_reader() {
    std::lock_guard lock(mutex_);
    if (ready_.empty()) return database_.open_reader();
    auto reader = std::move(ready_.back());
    ready_.pop_back();
    return reader;
  }

  Database& database_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<ReadStore>> ready_;  // guarded by mutex_
  base::Workers threads_;
};

}  // namespace tocsin::store
