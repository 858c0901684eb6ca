{{ config(materialized='incremental', unique_key=['response_id', 'question_code']) }}
with landed as (
    select *
    from {{ landed('survey', 'answers') }} as landed
    {{ with_existing_versions('survey', 'answers', ['response_id', 'question_code']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by response_id, question_code
            order by _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        response_id,
        question_code,
        answer_value,
        answer_text,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
