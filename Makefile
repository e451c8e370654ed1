# Every target is one line over scripts/dev, which also works where make is missing.
.PHONY: demo test lint bench
demo:
	@scripts/dev demo
test:
	@scripts/dev test $(ARGS)
lint:
	@scripts/dev lint
bench:
	@scripts/dev bench
