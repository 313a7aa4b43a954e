"""The blog that tutorials end with, as they teach it: no cache, relationships that load when they are touched."""

import os
from datetime import UTC, datetime

from flask import Flask, Response, flash, redirect, render_template, url_for
from flask_login import LoginManager, UserMixin, current_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from wtforms import StringField, SubmitField
from wtforms.validators import DataRequired


class Base(DeclarativeBase):
    """What the models have in common."""


app = Flask(__name__)
app.config.update(SECRET_KEY="for measuring only", SQLALCHEMY_DATABASE_URI=os.environ["DB_URI"])
db = SQLAlchemy(model_class=Base)
db.init_app(app)
login_manager = LoginManager(app)


class User(UserMixin, db.Model):
    """Somebody who writes or comments."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    posts = relationship("Post", back_populates="author")
    comments = relationship("Comment", back_populates="author")


class Post(db.Model):
    """A post."""

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    title: Mapped[str]
    subtitle: Mapped[str]
    date: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    author = relationship("User", back_populates="posts")
    comments = relationship("Comment", back_populates="post")


class Comment(db.Model):
    """A comment."""

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    author = relationship("User", back_populates="comments")
    post = relationship("Post", back_populates="comments")


class CommentForm(FlaskForm):
    """What is below a post."""

    text = StringField("Comment", validators=[DataRequired()])
    submit = SubmitField("Submit")


@login_manager.user_loader
def load_user(number: str) -> User:
    """Find who is signed in."""
    return db.get_or_404(User, number)


@app.get("/")
def home() -> str:
    """List all posts."""
    return render_template("index.html", posts=db.session.execute(db.select(Post)).scalars().all())


@app.route("/post/<int:number>", methods=["GET", "POST"])
def show(number: int) -> object:
    """Show a post, its comments and the form."""
    post, form = db.get_or_404(Post, number), CommentForm()
    if form.validate_on_submit():
        if not current_user.is_authenticated:
            flash("You need to log in to comment.")
            return redirect(url_for("home"))
        db.session.add(Comment(text=form.text.data, author=current_user, post=post))
        db.session.commit()
    return render_template("post.html", post=post, form=form)


@app.get("/feed")
def feed() -> Response:
    """Return the last ten posts."""
    posts = db.session.execute(db.select(Post)).scalars().all()[-10:][::-1]
    return Response(render_template("feed.xml", posts=posts), mimetype="application/rss+xml")


def fill(posts: list[tuple[str, str]], comments: int) -> None:
    """Write the posts, each a title and its HTML."""
    with app.app_context():
        db.create_all()
        ada, readers = User(name="Ada"), [User(name=f"Reader {number}") for number in range(comments)]
        for title, body in posts:
            day = datetime.now(UTC).strftime("%B %d, %Y")
            post = Post(author=ada, title=title, subtitle=title, date=day, body=body)
            db.session.add(post)
            db.session.add_all(Comment(text="<p>How true.</p>", author=reader, post=post) for reader in readers)
        db.session.commit()
