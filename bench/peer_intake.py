"""The peer of the intake: FastAPI, SQLAlchemy, one insert and one commit for each request. `uvicorn bench.peer_intake:app`."""

import os
from datetime import datetime

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import Double, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Answer(Base):
    __tablename__ = "answer"
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    record: Mapped[str] = mapped_column(Text, primary_key=True)
    item: Mapped[str] = mapped_column(Text, primary_key=True)
    measure: Mapped[str] = mapped_column(Text)
    score: Mapped[float] = mapped_column(Double)
    occurred_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
    market: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)


class Item(BaseModel):
    source: str
    record: str
    item: str
    measure: str
    score: float
    occurred_at: datetime
    market: str
    channel: str


engine = create_async_engine(f"postgresql+psycopg://gensvar@/postgres?host={os.environ['BENCH_POSTGRES']}", pool_size=16, max_overflow=0)
app = FastAPI()


@app.on_event("startup")
async def prepare() -> None:
    async with engine.begin() as conn:
        await conn.run_sync(Base.metadata.create_all)


@app.post("/v1/feedback", status_code=202)
async def feedback(items: Item | list[Item]) -> dict[str, int]:
    rows = [i.model_dump() for i in (items if isinstance(items, list) else [items])]
    put = insert(Answer)
    put = put.on_conflict_do_update(index_elements=["source", "record", "item"], set_={"score": put.excluded.score})
    async with engine.begin() as conn:
        await conn.execute(put, rows)
    return {"accepted": len(rows)}


@app.get("/")
async def home() -> dict[str, str]:
    return {"status": "ready"}
