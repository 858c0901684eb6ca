with responses as (
    select * from {{ ref('fct_survey_responses') }}
),

overall_touchpoints as (
    select * from {{ ref('journey_overall_touchpoints') }}
),

final as (
    select
        responses.response_id,
        responses.customer_key,
        responses.responded_at,
        responses.touchpoint,
        responses.order_id,
        responses.ticket_id,
        overall_touchpoints.touchpoint is not null or responses.touchpoint is null as is_overall,
        {{ steady(
            'coalesce(responses.csat, 1 + 4 * responses.nps / 10.0, 1 + 4 * (responses.ces - 1) / 6.0)'
        ) }} as score
    from responses
    left join overall_touchpoints on responses.touchpoint = overall_touchpoints.touchpoint
    where
        responses.customer_key is not null
        and coalesce(responses.csat, responses.nps, responses.ces) is not null
)

select * from final
