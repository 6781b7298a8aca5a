// Completion scripts, made from a description of the commands so that they never lag behind. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::client {

// What an option or an argument is: nothing that a shell could complete (text), one of some words, a file.
enum class Value { none, text, choice, file };

struct OptionHelp {
  std::string name;  // "--since"
  std::string description;
  Value value = Value::none;
  std::vector<std::string> choices;  // when the value is one of them
};

struct CommandHelp {
  std::string name;
  std::string description;
  std::vector<OptionHelp> options;
  Value argument = Value::none;
  std::vector<std::string> choices;  // when the argument is one of them
};

struct ProgramHelp {
  std::vector<OptionHelp> options;  // of every command
  std::vector<CommandHelp> commands;
};

// The script for "bash", "zsh" or "fish"; nothing for another shell.
[[nodiscard]] std::optional<std::string> completion_script(std::string_view shell, ProgramHelp const& help);

}  // namespace tocsin::client
