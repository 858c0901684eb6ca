{{ config(materialized='incremental', unique_key=['employee_id', 'responded_at', 'question_code']) }}
with landed as (
    select *
    from {{ landed('survey', 'employee_responses') }} as landed
    {{ with_existing_versions('survey', 'employee_responses', ['employee_id', 'responded_at', 'question_code']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by employee_id, responded_at, question_code
            order by _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        employee_id,
        team,
        responded_at,
        question_code,
        answer_value,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
