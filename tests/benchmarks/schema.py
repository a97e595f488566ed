"""What the JSON of every benchmark looks like."""


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_schema(content: object) -> None:
    assert isinstance(content, dict)
    assert list(content) == ["benchmark", "machine", "rows", "bounds"]
    assert isinstance(content["benchmark"], str)
    assert isinstance(content["machine"], dict)
    for row in content["rows"]:
        assert set(row) - {"p95"} == {"group", "name", "value", "unit"}
        assert is_number(row["value"]) and is_number(row.get("p95", 0))
        assert row["unit"] in {"ms", "B", "%", "x"}
    for bound in content["bounds"]:
        assert list(bound) == ["name", "value", "limit", "unit", "ok"]
        assert is_number(bound["value"]) and is_number(bound["limit"])
        assert bound["ok"] is (bound["value"] <= bound["limit"])
