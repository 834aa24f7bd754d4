"""The customer, played by a fixed model as in tau-bench, and what tells that the customer is done."""

import litellm
from openai import AsyncOpenAI

PERSONA = "You are a customer of an airline who wants: {goal}. Say one thing at a time, and ###STOP### when it is done."


class Customer:
    def __init__(self, goal: str, model: str = "gpt-4.1") -> None:
        self.client = AsyncOpenAI(timeout=60.0)
        self.model = model
        self.messages = [{"role": "system", "content": PERSONA.format(goal=goal)}]

    async def say(self, heard: str) -> str:
        self.messages.append({"role": "user", "content": heard})
        reply = await self.client.chat.completions.create(model=self.model, messages=self.messages)
        said = reply.choices[0].message.content or ""
        self.messages.append({"role": "assistant", "content": said})
        return said


async def is_done(said: str) -> bool:
    if "###STOP###" in said:
        return True
    question = f"Does this end a conversation? Answer yes or no.\n\n{said}"
    reply = await litellm.acompletion(
        model="openai/gpt-4.1-mini", messages=[{"role": "user", "content": question}], timeout=60
    )
    return reply.choices[0].message.content.strip().lower() == "yes"
