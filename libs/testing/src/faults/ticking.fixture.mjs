// @ts-check
setInterval(() => process.stdout.write(`${new Date().getTime()}\n`), 20);
