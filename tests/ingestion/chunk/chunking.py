"""Makes the chunks of a case from text of the invented log format of `tests.stores.filling`."""

from pathlib import Path

from core.chunk import Chunk
from core.selector import Selector
from ingestion.chunk.build import Cut, write_chunks
from stores.chunk_files import Built, ChunkWriter
from stores.chunks import ChunkStore
from stores.lake import Lake
from tests.stores.filling import fill


def chunked(case_dir: Path, cut: Cut | None = None) -> Built:
    """Chunks of what the case holds, with the hits of its signatures."""
    with Lake.open(case_dir) as lake:
        writer = ChunkWriter.open(case_dir)
        built, _ = write_chunks(lake, lake.hits(Selector()), "1", writer, cut or Cut())
        writer.commit(built)
    return built


def all_of(case_dir: Path) -> tuple[Chunk, ...]:
    """All chunks as a reader sees them."""
    with ChunkStore.open(case_dir) as store:
        return store.get(store.select())


def made(case_dir: Path, *sources: bytes, cut: Cut | None = None, per_segment: int = 3) -> tuple[Chunk, ...]:
    """The chunks of these sources."""
    for place, content in enumerate(sources):
        fill(case_dir, f"{place}.log", content, per_segment)
    chunked(case_dir, cut)
    return all_of(case_dir)
