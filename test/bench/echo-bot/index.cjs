// The bare echo bot, after Microsoft's published sample: BotBuilder-Samples, samples/javascript_nodejs/02.echo-bot/index.js (MIT License).
// The same calls in the same order; left out are dotenv (the environment is set from outside) and what it prints at its start.
const restify = require('restify');
const { CloudAdapter, ConfigurationBotFrameworkAuthentication } = require('botbuilder');
const { EchoBot } = require('./bot.cjs');

const server = restify.createServer();
server.use(restify.plugins.bodyParser());

server.listen(process.env.port || process.env.PORT || 3978);

const botFrameworkAuthentication = new ConfigurationBotFrameworkAuthentication(process.env);
const adapter = new CloudAdapter(botFrameworkAuthentication);

const onTurnErrorHandler = async (context, error) => {
  process.stderr.write(`\n [onTurnError] unhandled error: ${error}\n`);
  await context.sendTraceActivity('OnTurnError Trace', `${error}`, 'https://www.botframework.com/schemas/error', 'TurnError');
  await context.sendActivity('The bot encountered an error or bug.');
  await context.sendActivity('To continue to run this bot, please fix the bot source code.');
};
adapter.onTurnError = onTurnErrorHandler;

const myBot = new EchoBot();

server.post('/api/messages', async (req, res) => {
  await adapter.process(req, res, (context) => myBot.run(context));
});

server.on('upgrade', async (req, socket, head) => {
  const streamingAdapter = new CloudAdapter(botFrameworkAuthentication);
  streamingAdapter.onTurnError = onTurnErrorHandler;
  await streamingAdapter.process(req, socket, head, (context) => myBot.run(context));
});
