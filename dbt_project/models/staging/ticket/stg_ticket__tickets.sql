{{ config(materialized='incremental', unique_key=['ticket_id']) }}
with landed as (
    select *
    from {{ landed('ticket', 'tickets') }} as landed
    {{ with_existing_versions('ticket', 'tickets', ['ticket_id']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by ticket_id
            order by updated_at desc nulls last, _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        ticket_id,
        customer_id,
        email,
        phone,
        opened_at,
        first_response_at,
        resolved_at,
        closed_at,
        promised_at,
        status,
        priority,
        category,
        is_complaint,
        channel,
        product,
        team,
        employee_id,
        subject,
        text,
        language,
        updated_at,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
