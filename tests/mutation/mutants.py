"""Small changes of a C++ source, each of which should make a difference that a test sees."""
import dataclasses
import re

SWAPS = [(" == ", " != "), (" != ", " == "), (" < ", " <= "), (" <= ", " < "), (" > ", " >= "), (" >= ", " > "), (" && ", " || "), (" || ", " && "),
         ("return true;", "return false;"), ("return false;", "return true;"), (" + 1", ""), (" - 1", ""), ("++", "--")]
NEGATION = re.compile(r"(?<=[(\s])!(?=[a-zA-Z_*(])")
CHECK = re.compile(r"^\s*(?:if \(.*\) (?:return|continue|throw)\b.*;|return refuse\(.*;|[a-z_]+\.(?:insert|push_back|emplace|erase|clear|reset)\(.*;)$")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclasses.dataclass(frozen=True)
class Mutant:
    file: str
    line: int     # from 1
    before: str   # the line as it stands
    after: str    # and as it becomes

    def applied_to(self, text):
        lines = text.split("\n")
        if lines[self.line - 1] != self.before:
            raise ValueError(f"{self.file}:{self.line} is another line")
        lines[self.line - 1] = self.after
        return "\n".join(lines)

    def __str__(self):
        return f"{self.file}: {self.before.strip()}  →  {self.after.strip() or '(nothing)'}"


def changes(line):
    """The line changed in every way. What stands in strings and comments is not changed."""
    bare = STRING.sub(lambda found: "\0" * len(found[0]), line).split("//")[0]
    for old, new in SWAPS:
        for at in (found.start() for found in re.finditer(re.escape(old), bare)):
            yield line[:at] + new + line[at + len(old):]
    for found in NEGATION.finditer(bare):
        yield line[:found.start()] + line[found.end():]
    if CHECK.match(line):
        yield ""


def mutants_of(file, text):
    for number, line in enumerate(text.split("\n"), 1):
        if not line.lstrip().startswith(("//", "#", "template")):
            for after in dict.fromkeys(changes(line)):
                yield Mutant(file, number, line, after)
