#include "clients/cpp/completion.hpp"

#include <algorithm>

namespace tocsin::client {
namespace {

std::string words(std::vector<std::string> const& parts) {
  std::string out;
  for (auto const& part : parts) out += (out.empty() ? "" : " ") + part;
  return out;
}

std::string option_words(std::vector<OptionHelp> const& a, std::vector<OptionHelp> const& b = {}) {
  std::vector<std::string> names;
  for (auto const* list : {&a, &b}) {
    for (auto const& option : *list) names.push_back(option.name);
  }
  return words(names);
}

// `text` with a backslash before each of `marks`, so that a shell takes them as they are.
std::string escaped(std::string_view text, std::string_view marks) {
  std::string out;
  for (char c : text) {
    if (marks.contains(c)) out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

// Between single quotes zsh and bash know no escape: a quote ends them, stands alone, and begins them again.
std::string zsh_quoted(std::string const& text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string fish_quoted(std::string_view text) { return "'" + escaped(text, "\\'") + "'"; }

std::string bash_offer(Value value, std::vector<std::string> const& choices) {
  if (value == Value::file) return "COMPREPLY=($(compgen -f -- \"$current\")); ";
  if (value == Value::choice) return "COMPREPLY=($(compgen -W '" + words(choices) + "' -- \"$current\")); ";
  return {};
}

std::string bash_script(ProgramHelp const& help) {
  std::vector<std::string> names;
  for (auto const& command : help.commands) names.push_back(command.name);
  std::string out =
      "# bash completion of tocsin: source <(tocsin completion bash)\n_tocsin() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= word\n"
      "  COMPREPLY=()\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case $word in " +
      [&] {
        std::string pattern;
        for (auto const& name : names) pattern += (pattern.empty() ? "" : "|") + name;
        return pattern;
      }() +
      ") command=$word; break ;; esac\n  done\n  case $command:$previous in\n";
  auto add_values = [&out](std::string const& where, OptionHelp const& option) {
    if (option.value == Value::none) return;
    out += "    " + where + ":" + option.name + ") " + bash_offer(option.value, option.choices) + "return ;;\n";
  };
  for (auto const& command : help.commands) {
    for (auto const& option : command.options) add_values(command.name, option);
  }
  for (auto const& option : help.options) add_values("*", option);
  out += "  esac\n  case $command:$current in\n";
  out += "    :-*) COMPREPLY=($(compgen -W '" + option_words(help.options) + "' -- \"$current\")) ;;\n";
  out += "    :*) COMPREPLY=($(compgen -W '" + words(names) + "' -- \"$current\")) ;;\n";
  for (auto const& command : help.commands) {
    out += "    " + command.name + ":-*) COMPREPLY=($(compgen -W '" + option_words(command.options, help.options) +
           "' -- \"$current\")) ;;\n";
    out += "    " + command.name + ":*) " + bash_offer(command.argument, command.choices) + ";;\n";
  }
  return out + "  esac\n}\ncomplete -o filenames -F _tocsin tocsin\n";
}

// One space is zsh's action for a value that it cannot complete.
std::string zsh_action(Value value, std::vector<std::string> const& choices) {
  if (value == Value::file) return "_files";
  return value == Value::choice ? "(" + words(choices) + ")" : " ";
}

std::string zsh_option(OptionHelp const& option) {
  auto out = option.name + "[" + escaped(option.description, "[]:\\") + "]";
  if (option.value != Value::none) out += ":value:" + zsh_action(option.value, option.choices);
  return " " + zsh_quoted(out);
}

std::string zsh_script(ProgramHelp const& help) {
  std::string out =
      "#compdef tocsin\n# zsh completion of tocsin: source <(tocsin completion zsh)\n_tocsin() {\n"
      "  local context state line\n  local -a common commands\n  common=(";
  for (auto const& option : help.options) out += zsh_option(option);
  out += ")\n  commands=(";
  for (auto const& command : help.commands) {
    out += " " + zsh_quoted(command.name + ":" + escaped(command.description, ":\\"));
  }
  out +=
      ")\n  _arguments -C $common '1: :->command' '*:: :->rest'\n  case $state in\n"
      "    command) _describe command commands ;;\n    rest)\n      case $line[1] in\n";
  for (auto const& command : help.commands) {
    out += "        " + command.name + ") _arguments $common";
    for (auto const& option : command.options) out += zsh_option(option);
    if (command.argument != Value::none) {
      out += command.argument == Value::file ? " '*" : " '1";
      out += ":value:" + zsh_action(command.argument, command.choices) + "'";
    }
    out += " ;;\n";
  }
  return out + "      esac ;;\n  esac\n}\ncompdef _tocsin tocsin\n";
}

std::string fish_option(std::string const& condition, OptionHelp const& option) {
  std::string out =
      "complete -c tocsin" + condition + " -l " + option.name.substr(2) + " -d " + fish_quoted(option.description);
  if (option.value == Value::file) out += " -r -F";
  if (option.value == Value::text) out += " -x";
  if (option.value == Value::choice) out += " -x -a '" + words(option.choices) + "'";
  return out + "\n";
}

std::string fish_script(ProgramHelp const& help) {
  std::string out = "# fish completion of tocsin: tocsin completion fish | source\ncomplete -c tocsin -f\n";
  for (auto const& option : help.options) out += fish_option("", option);
  for (auto const& command : help.commands) {
    out += "complete -c tocsin -n __fish_use_subcommand -f -a " + command.name + " -d " +
           fish_quoted(command.description) + "\n";
    std::string const condition = " -n '__fish_seen_subcommand_from " + command.name + "'";
    for (auto const& option : command.options) out += fish_option(condition, option);
    if (command.argument == Value::file) out += "complete -c tocsin" + condition + " -F\n";
    if (command.argument == Value::choice)
      out += "complete -c tocsin" + condition + " -f -a '" + words(command.choices) + "'\n";
  }
  return out;
}

}  // namespace

std::optional<std::string> completion_script(std::string_view shell, ProgramHelp const& help) {
  if (shell == "bash") return bash_script(help);
  if (shell == "zsh") return zsh_script(help);
  if (shell == "fish") return fish_script(help);
  return std::nullopt;
}

}  // namespace tocsin::client
